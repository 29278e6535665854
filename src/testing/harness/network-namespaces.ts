import { execFileSync } from 'node:child_process'

/** Machines of a network that exists in the kernel alone: each has its own address, and can be cut off. Needs root, Linux and iproute2. */
export interface Network {
  /** Of this process, as the others see it. */
  readonly address: string
  machine(name: string): Machine
  remove(): void
}

export interface Machine {
  readonly address: string
  /** The command and arguments that run something on it. */
  on(command: string, ...args: readonly string[]): readonly [string, readonly string[]]
  /** Nothing goes through any more, and nothing is told of it. */
  cut(): void
  heal(): void
}

/** What is missing to have one; undefined: nothing. */
export function lacksNetworks(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'needs root on Linux, for network namespaces'
  try {
    const probe = `tr${process.pid}p`
    ip('netns', 'add', probe)
    ip('netns', 'del', probe)
    return undefined
  } catch (error) {
    return `needs iproute2 and the right to make network namespaces: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`
  }
}

/** `index`: of several networks of this process. Their addresses are made of it and the process number. */
export function openNetwork(index = 0): Network {
  const word = `tr${process.pid}n${index}`
  const subnet = `10.${180 + index}.${process.pid % 250}`
  const bridge = `${word}b`.slice(-15)
  ip('link', 'add', bridge, 'type', 'bridge')
  ip('addr', 'add', `${subnet}.1/24`, 'dev', bridge)
  ip('link', 'set', bridge, 'up')
  const machines: string[] = []
  return {
    address: `${subnet}.1`,
    machine(name) {
      const space = `${word}${name}`
      const address = `${subnet}.${machines.length + 2}`
      const [here, there] = [`${word}${machines.length}h`.slice(-15), `${word}${machines.length}t`.slice(-15)]
      ip('netns', 'add', space)
      machines.push(space)
      ip('link', 'add', here, 'type', 'veth', 'peer', 'name', there)
      ip('link', 'set', there, 'netns', space)
      ip('link', 'set', here, 'master', bridge, 'up')
      const inside = (...args: readonly string[]) => ip('-n', space, ...args)
      inside('addr', 'add', `${address}/24`, 'dev', there)
      inside('link', 'set', there, 'up')
      inside('link', 'set', 'lo', 'up')
      return {
        address,
        on: (command, ...args) => ['ip', ['netns', 'exec', space, command, ...args]],
        cut: () => ip('link', 'set', here, 'nomaster'),
        heal: () => ip('link', 'set', here, 'master', bridge),
      }
    },
    remove() {
      for (const space of machines) ip('netns', 'del', space)
      ip('link', 'del', bridge)
    },
  }
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] })
}
