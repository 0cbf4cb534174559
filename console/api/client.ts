// SPDX-License-Identifier: Apache-2.0
import { decodeReply, encodeCall, ProtocolError, Refusal } from './codec';
import type { MethodName } from './codec';
import { ErrorCode } from './generated/contract';
import type { Calls, Failure } from './generated/contract';

/** The server was not reached, or answered outside the contract. `status`: 0 without an answer. */
export class TransportError extends Error {
  override name = 'TransportError';
  constructor(readonly status: number) {
    super(status === 0 ? 'no answer' : `HTTP ${status}`);
  }
}

const kPatienceMs = 20_000;

/** What the door says when it refuses a request before reading the call: the fields of Failure as
    plain JSON, the code by its name in lower case. */
function refusalOfDoor(body: string): Failure | undefined {
  try {
    const { code, message, place, remedy } = JSON.parse(body) as Record<string, unknown>;
    if (typeof message !== 'string') return undefined;
    return {
      code: ErrorCode[String(code).toUpperCase() as keyof typeof ErrorCode] ?? ErrorCode.INTERNAL,
      message,
      place: typeof place === 'string' ? place : '',
      remedy: typeof remedy === 'string' ? remedy : '',
    };
  } catch {
    return undefined;
  }
}

/** Calls of the contract over POST /rpc of the page's own origin. Rejects with Refusal,
    TransportError or ProtocolError. */
export class Client {
  private sequence = 0;

  constructor(
    private readonly url = '/rpc',
    private readonly send: typeof fetch = (...args) => fetch(...args),
  ) {}

  async call<M extends MethodName>(
    method: M, ...args: Calls[M]['args']
  ): Promise<Calls[M]['result']> {
    const sequence = ++this.sequence;
    const body = encodeCall(method, sequence, args);
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), kPatienceMs);
    try {
      const { status, text } = await this.exchange(body, patience.signal);
      return this.read(method, sequence, status, text);
    } finally {
      clearTimeout(timer);
    }
  }

  private async exchange(body: string, signal: AbortSignal) {
    try {
      const response = await this.send(this.url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body,
        cache: 'no-store',
        signal,
      });
      return { status: response.status, text: await response.text() };
    } catch {
      throw new TransportError(0);
    }
  }

  private read<M extends MethodName>(method: M, sequence: number, status: number, text: string) {
    try {
      return decodeReply(method, sequence, text);
    } catch (error) {
      const outside = error instanceof ProtocolError && (status < 200 || status > 299);
      if (!outside) throw error;
      const refusal = refusalOfDoor(text);
      throw refusal ? new Refusal(refusal) : new TransportError(status);
    }
  }
}
