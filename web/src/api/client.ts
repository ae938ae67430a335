// The one door to the REST API: typed by openapi.json, answers or throws a Refusal.
import createClient from 'openapi-fetch';
import type { paths } from './schema';
import type { Problem, Written } from './nouns';

export const client = createClient<paths>({ baseUrl: '/api/v1' });

/** What the API said no with (RFC 9457), or that it could not be reached. */
export class Refusal extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
    this.name = 'Refusal';
  }

  get code() {
    return this.problem.code;
  }
}

let onSignedOut: () => void = () => {};
/** Tells what to do when the API no longer knows who is asking. */
export const whenSignedOut = (lead: () => void) => {
  onSignedOut = lead;
};

type Reply<T> = { data?: T; error?: unknown; response: Response };

/** The body of a call, or its Refusal thrown. `await answer(client.GET('/me'))` */
export async function answer<T>(call: Promise<Reply<T>>): Promise<Written<T>> {
  let reply: Reply<T>;
  try {
    reply = await call;
  } catch (cause) {
    throw new Refusal(unreachable(cause));
  }
  if (reply.response.ok) return reply.data as Written<T>;
  const refusal = new Refusal(isProblem(reply.error) ? reply.error : unreadable(reply.response));
  if (refusal.code === 'sign_in') onSignedOut();
  throw refusal;
}

/** The problem behind anything a query or a mutation failed with. */
export function problemOf(error: unknown): Problem {
  return error instanceof Refusal ? error.problem : unreachable(error);
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body;
}

function unreadable(response: Response): Problem {
  return {
    type: 'about:blank',
    title: 'No readable answer',
    status: response.status,
    code: 'no_answer',
    detail: `Keyward answered ${response.status} without a reason.`,
    hint: 'Try again; if it stays, the operator finds more in the log.',
  };
}

function unreachable(cause: unknown): Problem {
  return {
    type: 'about:blank',
    title: 'No answer',
    status: 0,
    code: 'no_answer',
    detail: 'Keyward could not be reached.',
    hint: cause instanceof Error ? `Check the connection and try again (${cause.message}).` : 'Check the connection.',
  };
}
