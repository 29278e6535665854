import { createTheme } from '@mantine/core'

/** The brand color is a deep blue-green; white text on its main shade has enough contrast. */
export const theme = createTheme({
  primaryColor: 'brand',
  primaryShade: { light: 8, dark: 8 },
  colors: {
    // From text colors to background colors: the grays of style.css, slightly blue.
    dark: [
      '#dbe1e4',
      '#b4bdc3',
      '#89949b',
      '#67727a',
      '#41494f',
      '#333a3f',
      '#262b2f',
      '#1d2124',
      '#181b1e',
      '#121517',
    ],
    brand: [
      '#e4f6f9',
      '#d0ebf0',
      '#a2d7e1',
      '#70c2d1',
      '#49b0c3',
      '#32a5bb',
      '#229fb7',
      '#0f8ba1',
      '#007488',
      '#005f70',
    ],
  },
  defaultRadius: 'md',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  headings: { fontWeight: '650' },
  cursorType: 'pointer',
  respectReducedMotion: true,
})
