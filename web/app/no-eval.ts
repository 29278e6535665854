import { z } from 'zod'

// Imported before anything that makes a schema: the server's Content-Security-Policy forbids code made of text, which zod would try.
z.config({ jitless: true })
