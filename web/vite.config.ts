import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** `npm run dev:web` serves the sources with live reload. API requests go to a `tailrace up` at TAILRACE_URL. */
const server = process.env['TAILRACE_URL'] ?? 'http://127.0.0.1:4000'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  // The server's Content-Security-Policy allows no inline scripts, and no data: URLs for fonts or scripts.
  build: {
    outDir: join(import.meta.dirname, '..', 'dist', 'web'),
    emptyOutDir: true,
    manifest: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // scripts/check-web-size.ts checks the relevant size: the first page, compressed.
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // Keep app/no-eval.ts in the same chunk as zod, so that it runs before any other chunk creates a schema.
            {
              name: 'framework',
              test: /[\\/](app[\\/]no-eval|node_modules[\\/](zod|react|react-dom|scheduler|@tanstack))/,
            },
            { name: 'contracts', test: /[\\/]src[\\/](api|model)[\\/](?!catalogue)/ },
          ],
        },
      },
    },
  },
  // The API rejects requests from pages of another origin.
  server: { proxy: { '/api': { target: server, changeOrigin: true, headers: { origin: server } } } },
})
