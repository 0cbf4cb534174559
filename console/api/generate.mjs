// SPDX-License-Identifier: Apache-2.0
//
// Writes api/generated/contract.ts from thrift/kstati.thrift: the types a page sees and the
// metadata that drives the codec. The Thrift compiler's XML keeps enum and struct names and the
// comments of the contract, which its JSON output loses.
//
// KSTATI_THRIFT names another compiler than `thrift`.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const contractFile = join(here, '../../thrift/kstati.thrift');
const outputFile = join(here, 'generated/contract.ts');

/** The compiler's XML of the contract. */
function compile() {
  const folder = mkdtempSync(join(tmpdir(), 'kstati-idl-'));
  try {
    const compiler = process.env.KSTATI_THRIFT ?? 'thrift';
    execFileSync(compiler, ['--gen', 'xml', '-out', folder, contractFile], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return readFileSync(join(folder, 'kstati.xml'), 'utf8');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    throw new Error('The Thrift compiler is missing. On Debian: apt-get install thrift-compiler');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const entities = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
const unescape = (text) => text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name) => entities[name]);

/** Elements as {tag, attributes..., children}; text between elements carries nothing here. */
function parse(xml) {
  const root = { tag: '', children: [] };
  const open = [root];
  const element = /<!--[\s\S]*?-->|<(\/?)([\w:]+)((?:\s+[\w:-]+="[^"]*")*)\s*(\/?)>/g;
  for (const [, closing, tag, attributes, empty] of xml.matchAll(element)) {
    if (tag === undefined) continue;
    if (closing) {
      open.pop();
      continue;
    }
    const node = { tag, children: [] };
    for (const [, name, value] of attributes.matchAll(/([\w:-]+)="([^"]*)"/g)) {
      node[name] = unescape(value);
    }
    open.at(-1).children.push(node);
    if (!empty) open.push(node);
  }
  return root;
}

const all = (node, ...tags) => node.children.filter((child) => tags.includes(child.tag));

/** Type of a field, argument or result as the codec's metadata spells it. */
function typeOf(node, enums) {
  const inner = (tag) => typeOf(all(node, tag)[0], enums);
  switch (node.type) {
    case 'id':
      return enums.has(node['type-id']) ? { enum: node['type-id'] } : { struct: node['type-id'] };
    case 'list':
    case 'set':
      return { [node.type]: inner('elemType') };
    case 'map':
      return { map: [inner('keyType'), inner('valueType')] };
    default:
      return node.type;
  }
}

/** The same type in TypeScript. */
function spell(type) {
  if (typeof type === 'string') {
    if (type === 'string' || type === 'void') return type;
    return type === 'bool' ? 'boolean' : 'number';
  }
  if (type.map) return `Record<string, ${spell(type.map[1])}>`;
  const element = type.list ?? type.set;
  return element ? `${spell(element)}[]` : (type.enum ?? type.struct);
}

const comment = (node, indent = '') => {
  if (!node.doc) return '';
  const text = node.doc.trim().replace(/\*\//g, '* /').split('\n').join(`\n${indent} * `);
  return `${indent}/** ${text} */\n`;
};

const fieldsOf = (nodes, enums) =>
  nodes.map((node) => [
    Number(node['field-id']),
    node.name,
    typeOf(node, enums),
    node.required === 'optional' ? 1 : 0,
  ]);

function generate(idl) {
  const enumNodes = all(idl, 'enum');
  const structNodes = all(idl, 'struct', 'union', 'exception');
  const enums = new Set(enumNodes.map((node) => node.name));
  const out = ['// Written by api/generate.mjs from thrift/kstati.thrift. Not edited by hand.\n'];
  out.push("import type { Field, Method } from '../codec';\n\n");

  for (const node of enumNodes) {
    const members = all(node, 'member').map((m) => `${comment(m, '  ')}  ${m.name}: ${m.value},\n`);
    out.push(`${comment(node)}export const ${node.name} = {\n${members.join('')}} as const;\n`);
    out.push(`export type ${node.name} = (typeof ${node.name})[keyof typeof ${node.name}];\n\n`);
  }

  const structs = {};
  for (const node of structNodes) {
    const fields = all(node, 'field').map((f) => {
      const mark = f.required === 'optional' ? '?' : '';
      return `${comment(f, '  ')}  ${f.name}${mark}: ${spell(typeOf(f, enums))};\n`;
    });
    out.push(`${comment(node)}export interface ${node.name} {\n${fields.join('')}}\n\n`);
    structs[node.name] = fieldsOf(all(node, 'field'), enums);
  }

  const methods = {};
  const signatures = all(all(idl, 'service')[0], 'method').map((node) => {
    const result = typeOf(all(node, 'returns')[0] ?? { type: 'void', children: [] }, enums);
    const args = all(node, 'arg');
    methods[node.name] = {
      args: fieldsOf(args, enums),
      result,
      throws: fieldsOf(all(node, 'throws'), enums),
    };
    const list = args.map((arg) => `${arg.name}: ${spell(typeOf(arg, enums))}`).join(', ');
    return `${comment(node, '  ')}  ${node.name}: { args: [${list}]; result: ${spell(result)} };\n`;
  });
  out.push(`/** Arguments and result of every call. */\n`);
  out.push(`export interface Calls {\n${signatures.join('')}}\n\n`);
  out.push(`export const structs: Record<string, Field[]> = ${JSON.stringify(structs)};\n\n`);
  out.push(`export const methods: Record<keyof Calls, Method> = ${JSON.stringify(methods)};\n`);
  return out.join('');
}

const document = all(all(parse(compile()), 'idl')[0], 'document')[0];
mkdirSync(dirname(outputFile), { recursive: true });
writeFileSync(outputFile, generate(document));
