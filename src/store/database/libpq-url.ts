/** The same URL for our driver: sslmode means what libpq means by it, as people who copy a URL from their provider expect. */
export function libpqUrl(url: string): string {
  const parsed = new URL(url)
  const mode = parsed.searchParams.get('sslmode')
  if (mode !== null && mode !== 'no-verify' && !parsed.searchParams.has('uselibpqcompat')) parsed.searchParams.set('uselibpqcompat', 'true')
  return parsed.href
}
