import { execFileSync } from 'node:child_process'

/**
 * A virtual network of machines in the kernel. Each machine has its own address and can be cut off. Needs root, Linux
 * and iproute2.
 */
export interface Network {
  /** Address of this process in the network. */
  readonly address: string
  machine(name: string): Machine
  remove(): void
}

export interface Machine {
  readonly address: string
  /** The command and arguments that run a program on this machine. */
  on(command: string, ...args: readonly string[]): readonly [string, readonly string[]]
  /** Drops all traffic without notifying either end. */
  cut(): void
  heal(): void
}

/** What is missing for such a network; undefined if nothing is. */
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

/** `index` distinguishes several networks of this process. Addresses are derived from it and the process id. */
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
