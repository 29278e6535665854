import { z } from 'zod'

// Import before any schema is created: the server's Content-Security-Policy forbids eval, which zod would try to use.
z.config({ jitless: true })
