import { useState } from 'react'

/** Whether a dialog was ever open. It then stays mounted, so that Escape or a wrong click does not lose typed text. */
export function useBegun(opened: boolean): boolean {
  const [isBegun, setIsBegun] = useState(opened)
  if (opened && !isBegun) setIsBegun(true)
  return isBegun
}
