const common: Readonly<Record<string, string>> = {
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of its path is not a directory',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your disk quota is used up',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its symbolic links form a loop',
  EMFILE: 'too many files are open',
}

/** Why a file cannot be read or written, in words for users, from a file system error. */
export function fileTrouble({ code = '', message }: NodeJS.ErrnoException, doing: 'read' | 'write'): string {
  if (code === 'ENOENT') return doing === 'read' ? 'there is no such file' : 'its directory does not exist'
  if (code === 'EACCES' || code === 'EPERM') return `you have no permission to ${doing} it`
  return common[code] ?? (code === '' ? message : code)
}
