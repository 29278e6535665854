/**
 * The same URL for the `pg` driver, with sslmode as libpq defines it, as users expect who copy a URL from their
 * provider.
 */
export function libpqUrl(url: string): string {
  const parsed = new URL(url)
  const mode = parsed.searchParams.get('sslmode')
  if (mode !== null && mode !== 'no-verify' && !parsed.searchParams.has('uselibpqcompat'))
    parsed.searchParams.set('uselibpqcompat', 'true')
  return parsed.href
}
