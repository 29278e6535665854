/**
 * How a program of PostgreSQL finds its data. On Linux it starts in the data directory and uses it as working
 * directory: so root's unprivileged user reaches data below folders that it cannot enter (/root), and the server keeps
 * working when a folder above is renamed.
 */
export function workingIn(data: string): { readonly cwd: string; readonly here: string } {
  return process.platform === 'linux' ? { cwd: data, here: '/proc/self/cwd' } : { cwd: '/', here: data }
}
