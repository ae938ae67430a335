// Starts the real program with its example account, and stops it by its process id.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Someone who can sign in. */
export type Login = { name: string; email: string; password: string };

/** What `keyward demo` writes once it listens. */
type Ready = {
  control_url: string;
  gateway_url: string;
  owner: Login;
  members: Login[];
  keys: { name: string; environment: string; value: string }[];
  apis: { id: string; protocol: string; base_url: string; example: string }[];
};

const BINARY = process.env.KEYWARD_BIN ?? resolve(import.meta.dirname, '../../target/debug/keyward');
/** The first start makes an account and a little history; on a busy machine that takes its time. */
const START_MS = 60_000;
const STOP_MS = 10_000;
const POLL_MS = 50;

/** A running Keyward with an example account in a folder of its own. */
export class Keyward {
  private constructor(
    readonly ready: Ready,
    private readonly child: ChildProcess,
    private readonly folder: string,
    private readonly printed: string[],
  ) {}

  static async start(): Promise<Keyward> {
    const folder = await mkdtemp(join(tmpdir(), 'keyward-e2e-'));
    const readyFile = join(folder, 'ready.json');
    const places = ['--data', join(folder, 'data'), '--control', '127.0.0.1:0', '--gateway', '127.0.0.1:0'];
    const child = spawn(BINARY, ['demo', ...places, '--ready-file', readyFile], { stdio: ['ignore', 'pipe', 'pipe'] });
    const printed: string[] = [];
    child.on('error', (error) => printed.push(`${BINARY}: ${error.message}`));
    for (const pipe of [child.stdout, child.stderr]) pipe.on('data', (text: Buffer) => printed.push(text.toString()));
    const ready = await readyOf(readyFile, child, printed);
    return new Keyward(ready, child, folder, printed);
  }

  /** The address of a page. */
  page(path: string): string {
    return new URL(path, this.ready.control_url).href;
  }

  /** Where a text stands in clear: files of the data folder, and what the program printed. */
  async placesOf(text: string): Promise<string[]> {
    const data = join(this.folder, 'data');
    const names = await readdir(data, { recursive: true, withFileTypes: true });
    const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const contents = await Promise.all(files.map((file) => readFile(file)));
    const found = files.filter((_, place) => contents[place]!.includes(text));
    return this.printed.join('').includes(text) ? [...found, 'its output'] : found;
  }

  /** Asks it to stop, waits until it has, and removes its folder. */
  async stop(): Promise<void> {
    const ended = new Promise<void>((done) => this.child.once('exit', () => done()));
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill('SIGTERM');
      const late = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(late);
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function readyOf(file: string, child: ChildProcess, printed: string[]): Promise<Ready> {
  const until = Date.now() + START_MS;
  while (Date.now() < until && child.exitCode === null && child.pid !== undefined) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (text.trimEnd().endsWith('}')) return JSON.parse(text) as Ready;
    await sleep(POLL_MS);
  }
  child.kill('SIGKILL');
  throw new Error(`keyward demo did not start (build it with \`cargo build -p keyward\`): ${printed.join('')}`);
}
