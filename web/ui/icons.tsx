import type { ReactNode, SVGProps } from 'react'

/** Uses the text color. Hidden from screen readers, because the text beside it has the same meaning. */
function icon(paths: ReactNode) {
  return function Icon({ size = 18, ...rest }: { readonly size?: number } & Omit<SVGProps<SVGSVGElement>, 'ref'>) {
    return (
      <svg
        width={size}
        height={size}
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        strokeWidth={2}
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
        focusable="false"
        {...rest}
      >
        {paths}
      </svg>
    )
  }
}

export const ActivationsIcon = icon(
  <>
    <path d="M3 7c3-2.7 6-2.7 9 0s6 2.7 9 0" />
    <path d="M3 12c3-2.7 6-2.7 9 0s6 2.7 9 0" />
    <path d="M3 17c3-2.7 6-2.7 9 0s6 2.7 9 0" />
  </>,
)
export const ClockIcon = icon(
  <>
    <circle cx="12" cy="12" r="9" />
    <path d="M12 7v5l3 2" />
  </>,
)
export const WarehousesIcon = icon(
  <>
    <ellipse cx="12" cy="6" rx="8" ry="3" />
    <path d="M4 6v12c0 1.7 3.6 3 8 3s8-1.3 8-3V6M4 12c0 1.7 3.6 3 8 3s8-1.3 8-3" />
  </>,
)
export const TargetsIcon = icon(
  <>
    <circle cx="12" cy="12" r="9" />
    <circle cx="12" cy="12" r="5" />
    <circle cx="12" cy="12" r="1" />
  </>,
)
export const SettingsIcon = icon(
  <>
    <path d="M4 6h9M17 6h3M4 12h3M11 12h9M4 18h9M17 18h3" />
    <circle cx="15" cy="6" r="2" />
    <circle cx="9" cy="12" r="2" />
    <circle cx="15" cy="18" r="2" />
  </>,
)
export const SunIcon = icon(
  <>
    <circle cx="12" cy="12" r="4" />
    <path d="M12 2v2M12 20v2M4.9 4.9l1.4 1.4M17.7 17.7l1.4 1.4M2 12h2M20 12h2M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4" />
  </>,
)
export const MoonIcon = icon(<path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z" />)
export const AutoIcon = icon(
  <>
    <circle cx="12" cy="12" r="9" />
    <path d="M12 3v18a9 9 0 0 0 0-18Z" fill="currentColor" />
  </>,
)
export const PlusIcon = icon(<path d="M12 5v14M5 12h14" />)
export const PlayIcon = icon(<path d="M7 5v14l11-7Z" fill="currentColor" />)
export const PauseIcon = icon(<path d="M8 5v14M16 5v14" />)
export const CopyIcon = icon(
  <>
    <rect x="9" y="9" width="11" height="11" rx="2" />
    <path d="M5 15H4V5a1 1 0 0 1 1-1h10v1" />
  </>,
)
export const TrashIcon = icon(<path d="M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5" />)
export const PencilIcon = icon(<path d="M4 20h4L19 9l-4-4L4 16v4M13 7l4 4" />)
export const SearchIcon = icon(
  <>
    <circle cx="11" cy="11" r="6" />
    <path d="m20 20-4.5-4.5" />
  </>,
)
export const MoreIcon = icon(
  <>
    <circle cx="5" cy="12" r="1" />
    <circle cx="12" cy="12" r="1" />
    <circle cx="19" cy="12" r="1" />
  </>,
)
export const CheckIcon = icon(<path d="m5 12 5 5L20 7" />)
export const CrossIcon = icon(<path d="M6 6l12 12M18 6 6 18" />)
export const AlertIcon = icon(
  <>
    <path d="M12 4 2.5 20h19Z" />
    <path d="M12 10v4M12 17v.1" />
  </>,
)
export const DashIcon = icon(<path d="M6 12h12" />)
export const ShieldIcon = icon(<path d="M12 3 5 6v5c0 5 3 8 7 10 4-2 7-5 7-10V6Z" />)
export const UndoIcon = icon(<path d="M9 14 4 9l5-5M4 9h9a7 7 0 0 1 0 14h-2" transform="translate(0 -1.5)" />)
export const RetryIcon = icon(<path d="M20 11a8 8 0 1 0-2.3 6.6M20 4v7h-7" />)
export const DownloadIcon = icon(<path d="M12 4v11M7 11l5 5 5-5M4 20h16" />)
export const ChevronIcon = icon(<path d="m9 6 6 6-6 6" />)
export const StopIcon = icon(<rect x="6" y="6" width="12" height="12" rx="1" />)
export const ArrowIcon = icon(<path d="M4 12h16M14 6l6 6-6 6" />)
export const DocIcon = icon(<path d="M6 3h8l4 4v14H6ZM14 3v4h4M9 12h6M9 16h6" />)
export const TableIcon = icon(
  <>
    <rect x="3" y="5" width="18" height="14" rx="1" />
    <path d="M3 10h18M3 15h18M9 5v14" />
  </>,
)
