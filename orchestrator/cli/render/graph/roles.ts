export interface RoleStyle {
  readonly fill: string
  readonly text: string
}

const OTHER: RoleStyle = { fill: '#d8dee4', text: '#1f2328' }

/** Colours that stay apart for most people who see fewer of them, and in grey. */
export const ROLES: Readonly<Record<string, RoleStyle>> = {
  primary: { fill: '#0b5cad', text: '#ffffff' },
  'standby-leader': { fill: '#3f7fbf', text: '#ffffff' },
  standby: { fill: '#a9d1f7', text: '#0a2540' },
  replica: { fill: '#bfe5c8', text: '#0f3d1e' },
  offline: { fill: '#e3d3f2', text: '#3b1d5a' },
  delayed: { fill: '#fbdca6', text: '#4d3300' },
}

export function roleStyle(purpose: string): RoleStyle {
  return ROLES[purpose] ?? OTHER
}
