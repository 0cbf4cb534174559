// SPDX-License-Identifier: Apache-2.0
//
// Thrift's TJSONProtocol, version 1, for the contract's types: a struct is {"id": {"tag": value}},
// a list ["tag", count, ...values], a map ["tag", "tag", count, {...}], a boolean 1 or 0.
// Fields that the contract does not know are skipped, so an older page reads a newer server.
import { methods, structs } from './generated/contract';
import type { Calls, Failure } from './generated/contract';

export type Type =
  | 'bool'
  | 'byte'
  | 'i16'
  | 'i32'
  | 'i64'
  | 'double'
  | 'string'
  | 'void'
  | { enum: string }
  | { struct: string }
  | { list: Type }
  | { set: Type }
  | { map: [Type, Type] };

/** Number on the wire, name, type, and 1 when it may be absent. */
export type Field = [id: number, name: string, type: Type, optional: number];
export type Method = { args: Field[]; result: Type; throws: Field[] };
export type MethodName = keyof Calls;

/** Bytes that are not what the contract says. `message` names the place inside the reply. */
export class ProtocolError extends Error {
  override name = 'ProtocolError';
}

/** A refusal that the contract declares: nothing was changed. */
export class Refusal extends Error {
  override name = 'Refusal';
  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}

type Json = unknown;
type Plain = Record<string, unknown>;

const kCall = 1;
const kReply = 2;
const kException = 3;
const scalarTags: Record<string, string> = {
  bool: 'tf', byte: 'i8', i16: 'i16', i32: 'i32', i64: 'i64', double: 'dbl', string: 'str',
};
const integerBits: Record<string, number> = { i8: 8, i16: 16, i32: 32 };

function tagOf(type: Type): string {
  if (typeof type === 'string') return scalarTags[type] ?? fail('contract', `no type ${type}`);
  if ('enum' in type) return 'i32';
  if ('struct' in type) return 'rec';
  if ('list' in type) return 'lst';
  return 'set' in type ? 'set' : 'map';
}

function fail(place: string, problem: string): never {
  throw new ProtocolError(`${place}: ${problem}`);
}

function shown(value: Json): string {
  if (Array.isArray(value)) return 'a list';
  return value !== null && typeof value === 'object' ? 'an object' : typeof value;
}

function isPlain(value: Json): value is Plain {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function number(value: Json, tag: string, place: string): number {
  if (typeof value !== 'number') fail(place, `expected a number, found ${shown(value)}`);
  if (tag === 'dbl') return value;
  if (!Number.isSafeInteger(value)) fail(place, 'an integer that this page cannot hold exactly');
  const limit = 2 ** ((integerBits[tag] ?? 64) - 1);
  if (value < -limit || value >= limit) fail(place, `does not fit into ${tag}`);
  return value;
}

function double(value: Json, place: string): number {
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
  return number(value, 'dbl', place);
}

// --- encoding ---

function encodeValue(type: Type, value: Json, place: string): Json {
  const tag = tagOf(type);
  if (typeof type === 'object') {
    if ('struct' in type) return encodeFields(fieldsOf(type.struct), value, place);
    if ('map' in type) return encodeMap(type.map, value, place);
    if (!('enum' in type)) return encodeList('list' in type ? type.list : type.set, value, place);
  }
  if (tag === 'str') return typeof value === 'string' ? value : fail(place, 'expected a string');
  if (tag === 'tf') return typeof value === 'boolean' ? +value : fail(place, 'expected a boolean');
  if (tag === 'dbl' && typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return number(value, tag, place);
}

function encodeList(element: Type, value: Json, place: string): Json {
  if (!Array.isArray(value)) fail(place, `expected a list, found ${shown(value)}`);
  const items = value.map((item, index) => encodeValue(element, item, `${place}[${index}]`));
  return [tagOf(element), items.length, ...items];
}

function encodeMap([key, element]: [Type, Type], value: Json, place: string): Json {
  if (!isPlain(value)) fail(place, `expected an object, found ${shown(value)}`);
  const entries = Object.entries(value).map(([name, item]) => [
    name,
    encodeValue(element, item, `${place}.${name}`),
  ]);
  return [tagOf(key), tagOf(element), entries.length, Object.fromEntries(entries)];
}

function encodeFields(fields: Field[], value: Json, place: string): Json {
  if (!isPlain(value)) fail(place, `expected an object, found ${shown(value)}`);
  const out: Plain = {};
  for (const [id, name, type, optional] of fields) {
    const item = value[name];
    if (item === undefined && optional) continue;
    out[id] = { [tagOf(type)]: encodeValue(type, item, `${place}.${name}`) };
  }
  return out;
}

// --- decoding ---

function decodeValue(type: Type, value: Json, place: string): unknown {
  const tag = tagOf(type);
  if (typeof type === 'object') {
    if ('struct' in type) return decodeFields(fieldsOf(type.struct), value, place);
    if ('map' in type) return decodeMap(type.map, value, place);
    if (!('enum' in type)) return decodeList('list' in type ? type.list : type.set, value, place);
  }
  if (tag === 'str') {
    if (typeof value !== 'string') fail(place, `expected a string, found ${shown(value)}`);
    return value;
  }
  if (tag === 'tf') {
    if (value !== 1 && value !== 0) fail(place, 'expected 1 or 0');
    return value === 1;
  }
  return tag === 'dbl' ? double(value, place) : number(value, tag, place);
}

function decodeList(element: Type, value: Json, place: string): unknown {
  if (!Array.isArray(value)) fail(place, `expected a list, found ${shown(value)}`);
  const [tag, count, ...items] = value as Json[];
  if (count !== items.length) fail(place, `${items.length} elements where ${count} were announced`);
  if (items.length > 0 && tag !== tagOf(element)) {
    fail(place, `elements of type ${tag} where ${tagOf(element)} was expected`);
  }
  return items.map((item, index) => decodeValue(element, item, `${place}[${index}]`));
}

function decodeMap([, element]: [Type, Type], value: Json, place: string): unknown {
  const [, tag, count, entries] = Array.isArray(value) ? (value as Json[]) : [];
  if (!isPlain(entries)) fail(place, `expected a map, found ${shown(value)}`);
  const found = Object.entries(entries);
  if (count !== found.length) fail(place, `${found.length} entries where ${count} were announced`);
  if (found.length > 0 && tag !== tagOf(element)) {
    fail(place, `entries of type ${tag} where ${tagOf(element)} was expected`);
  }
  const read = (name: string, item: Json) => decodeValue(element, item, `${place}.${name}`);
  return Object.fromEntries(found.map(([name, item]) => [name, read(name, item)]));
}

function decodeFields(fields: Field[], value: Json, place: string): Plain {
  if (!isPlain(value)) fail(place, `expected a struct, found ${shown(value)}`);
  const out: Plain = {};
  for (const [id, name, type, optional] of fields) {
    const where = `${place}.${name}`;
    const slot = value[id];
    if (slot === undefined) {
      if (!optional) fail(where, 'is missing');
      continue;
    }
    const tag = tagOf(type);
    if (!isPlain(slot) || !(tag in slot)) {
      const found = isPlain(slot) ? Object.keys(slot).join() : shown(slot);
      fail(where, `expected ${tag}, found ${found}`);
    }
    out[name] = decodeValue(type, slot[tag], where);
  }
  return out;
}

function fieldsOf(name: string): Field[] {
  return structs[name] ?? fail(name, 'is not in the contract');
}

// --- messages ---

export function encodeStruct(name: string, value: unknown): unknown {
  return encodeFields(fieldsOf(name), value, name);
}

export function decodeStruct(name: string, value: unknown): unknown {
  return decodeFields(fieldsOf(name), value, name);
}

/** The body of a call. Throws ProtocolError when an argument is not of the contract's type. */
export function encodeCall<M extends MethodName>(
  method: M, sequence: number, args: Calls[M]['args'],
): string {
  const fields = methods[method].args;
  const named = Object.fromEntries(fields.map(([, name], index) => [name, args[index]]));
  return JSON.stringify([1, method, kCall, sequence, encodeFields(fields, named, method)]);
}

/** The result in the body of a reply. Throws Refusal for the declared exception, ProtocolError for
    anything that is not a reply to this call. */
export function decodeReply<M extends MethodName>(
  method: M, sequence: number, body: string,
): Calls[M]['result'] {
  let message: Json;
  try {
    message = JSON.parse(body);
  } catch {
    fail(method, 'the reply is not JSON');
  }
  if (!Array.isArray(message) || message.length !== 5) fail(method, 'the reply is not a message');
  const [version, name, kind, number, content] = message as Json[];
  if (version !== 1) fail(method, `protocol version ${version} where 1 was expected`);
  if (kind === kException) fail(method, applicationError(content));
  if (kind !== kReply) fail(method, `message type ${kind} where a reply was expected`);
  if (name !== method || number !== sequence) fail(method, `the reply answers ${name}/${number}`);

  const { result, throws } = methods[method];
  const slots: Field[] = throws.map(([id, field, type]) => [id, field, type, 1]);
  if (result !== 'void') slots.push([0, 'success', result, 1]);
  const answer = decodeFields(slots, content, method);
  if (answer.failure !== undefined) throw new Refusal(answer.failure as Failure);
  if (result !== 'void' && answer.success === undefined) fail(method, 'the reply has no result');
  return answer.success as Calls[M]['result'];
}

/** Text of the protocol's own exception: {"1": {"str": message}, "2": {"i32": type}}. */
function applicationError(content: Json): string {
  const slot = isPlain(content) ? content['1'] : undefined;
  const text = isPlain(slot) ? slot.str : undefined;
  return typeof text === 'string' ? text : 'the server could not read the call';
}
