/**
 * How a program of PostgreSQL is pointed to its data. On Linux it is started in them and knows them as its working directory: so root's
 * unprivileged user reaches data below folders that it cannot enter (/root), and the server goes on when a folder above is renamed.
 */
export function workingIn(data: string): { readonly cwd: string; readonly here: string } {
  return process.platform === 'linux' ? { cwd: data, here: '/proc/self/cwd' } : { cwd: '/', here: data }
}
