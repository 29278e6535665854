import { Anchor, Button, type AnchorProps, type ButtonProps } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import { forwardRef, type AnchorHTMLAttributes } from 'react'

const PlainLink = forwardRef<
  HTMLAnchorElement,
  AnchorProps & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof AnchorProps>
>(function PlainLink(props, ref) {
  return <Anchor ref={ref} {...props} />
})
const PlainButton = forwardRef<
  HTMLAnchorElement,
  ButtonProps & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof ButtonProps>
>(function PlainButton(props, ref) {
  return <Button component="a" ref={ref} {...props} />
})

/** A link to a page of the UI: `<Link to="/runs/$run" params={{ run: '7' }}>`. */
export const Link = createLink(PlainLink)
/** A link that looks like a button. */
export const ButtonLink = createLink(PlainButton)
