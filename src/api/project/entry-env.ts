const own = /^(TAILRACE_.*|DATABASE_URL|PGPASSWORD)$/

/** The environment that `${VAR}` in what people save is read from: without the server's own secrets. */
export function entryEnv(env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !own.test(name)))
}
