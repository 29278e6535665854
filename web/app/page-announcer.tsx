import { VisuallyHidden } from '@mantine/core'
import { useLocation } from '@tanstack/react-router'
import { useEffect, useState } from 'react'

/** Delay before reading the title: the code of the new page may still be loading. */
const titleMs = 500

/** Announces the title of the new page to screen readers. */
export function PageAnnouncer() {
  const { pathname } = useLocation()
  const [said, setSaid] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setSaid(document.title), titleMs)
    return () => clearTimeout(timer)
  }, [pathname])
  return <VisuallyHidden role="status">{said}</VisuallyHidden>
}
