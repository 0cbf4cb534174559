// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vitest/config';

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const kPrefix = 'virtual:texts/';

/** `virtual:texts/ru`: the console's own entries of data/messages/ru.json, not the server's. */
function texts(): Plugin {
  return {
    name: 'kstati-texts',
    resolveId: (id) => (id.startsWith(kPrefix) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(`\0${kPrefix}`)) return undefined;
      const file = folder(`../data/messages/${id.slice(kPrefix.length + 1)}.json`);
      this.addWatchFile(file);
      const entries = Object.entries(JSON.parse(readFileSync(file, 'utf8')));
      const own = entries.filter(([key]) => key.startsWith('console.'));
      return `export default ${JSON.stringify(Object.fromEntries(own))}`;
    },
  };
}

/** The built page runs only its own files: no inline script or style, nothing from elsewhere. */
function contentPolicy(): Plugin {
  const policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
    "img-src 'self'; base-uri 'none'; form-action 'none'";
  return {
    name: 'kstati-content-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: policy },
        injectTo: 'head-prepend',
      },
    ],
  };
}

export default defineConfig({
  root: folder('cabinet'),
  base: './',
  plugins: [svelte(), texts(), contentPolicy()],
  build: {
    outDir: folder('dist'),
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  server: {
    fs: { allow: [folder('.'), folder('../data/messages')] },
    proxy: {
      '/rpc': process.env.KSTATI_URL ?? 'http://127.0.0.1:8080',
      '/picture': process.env.KSTATI_URL ?? 'http://127.0.0.1:8080',
    },
  },
  test: {
    root: folder('.'),
    include: ['tests/*.test.ts'],
    setupFiles: ['tests/setup.ts'],
    passWithNoTests: false,
  },
});
