const own = /^(TAILRACE_.*|DATABASE_URL|PGPASSWORD)$/

/** The environment for `${VAR}` in saved config, without the server's own secrets. */
export function entryEnv(
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !own.test(name)))
}
