// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { Client, TransportError } from '../api/client';
import { ProtocolError, Refusal } from '../api/codec';

/** A server that answers every call with `answer(name, sequence)`. */
function clientOf(answer: (name: string, sequence: number) => Response): Client {
  return new Client('/rpc', async (_, init) => {
    const [, name, , sequence] = JSON.parse(String(init?.body));
    return answer(name, sequence);
  });
}

const emptyList = (name: string, sequence: number) =>
  new Response(JSON.stringify([1, name, 2, sequence, { 0: { lst: ['rec', 0] } }]));

it('gives the result of each of several calls under way at once', async () => {
  const client = clientOf(emptyList);
  const both = await Promise.all([client.call('cases', {}, '1'), client.call('consents', {}, '1')]);
  expect(both).toEqual([[], []]);
});

it('reports that the server was not reached', async () => {
  const client = new Client('/rpc', () => Promise.reject(new TypeError('refused')));
  await expect(client.call('cases', {}, '1')).rejects.toMatchObject({ status: 0 });
});

it('reports the status of an answer outside the contract', async () => {
  const client = clientOf(() => new Response('Too Many Requests', { status: 429 }));
  const failure = client.call('cases', {}, '1');
  await expect(failure).rejects.toBeInstanceOf(TransportError);
  await expect(failure).rejects.toMatchObject({ status: 429 });
});

it('passes on what the door says when it refuses', async () => {
  const said = { code: 'limit_exceeded', message: 'too much', place: 'body', remedy: 'send less' };
  const client = clientOf(() => new Response(JSON.stringify(said), { status: 413 }));
  const failure = client.call('cases', {}, '1');
  await expect(failure).rejects.toBeInstanceOf(Refusal);
  await expect(failure).rejects.toMatchObject({ failure: { ...said, code: 7 } });
});

it('reports an unreadable answer as such', async () => {
  const client = clientOf(() => new Response('<html>'));
  await expect(client.call('cases', {}, '1')).rejects.toBeInstanceOf(ProtocolError);
});
