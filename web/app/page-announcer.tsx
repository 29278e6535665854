import { VisuallyHidden } from '@mantine/core'
import { useLocation } from '@tanstack/react-router'
import { useEffect, useState } from 'react'

/** A page's code may still be loading when its address changes: its title is there a moment later. */
const titleMs = 500

/** Says the new page's title to those who cannot see that the page has changed. */
export function PageAnnouncer() {
  const { pathname } = useLocation()
  const [said, setSaid] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setSaid(document.title), titleMs)
    return () => clearTimeout(timer)
  }, [pathname])
  return <VisuallyHidden role="status">{said}</VisuallyHidden>
}
