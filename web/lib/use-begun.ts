import { useState } from 'react'

/** Whether it was open once: what was typed in a dialog stays in it when it is closed by Escape or by mistake. */
export function useBegun(opened: boolean): boolean {
  const [isBegun, setIsBegun] = useState(opened)
  if (opened && !isBegun) setIsBegun(true)
  return isBegun
}
