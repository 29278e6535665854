import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** `npm run dev:web` shows the sources as they are edited; what it asks of the API goes to a `tailrace up` at TAILRACE_URL. */
const server = process.env['TAILRACE_URL'] ?? 'http://127.0.0.1:4000'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  // The server's Content-Security-Policy allows no inline scripts, and no data: fonts or scripts.
  build: {
    outDir: join(import.meta.dirname, '..', 'dist', 'web'),
    emptyOutDir: true,
    manifest: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // scripts/check-web-size.ts judges what counts: the first page, compressed.
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // app/no-eval.ts is in the chunk with zod itself: so it has run before any other chunk makes a schema.
            { name: 'framework', test: /[\\/](app[\\/]no-eval|node_modules[\\/](zod|react|react-dom|scheduler|@tanstack))/ },
            { name: 'contracts', test: /[\\/]src[\\/](api|model)[\\/](?!catalogue)/ },
          ],
        },
      },
    },
  },
  // The API refuses what another origin's page sends.
  server: { proxy: { '/api': { target: server, changeOrigin: true, headers: { origin: server } } } },
})
