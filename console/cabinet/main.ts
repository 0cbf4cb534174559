// SPDX-License-Identifier: Apache-2.0
import '../ui/theme.css';
import { mount } from 'svelte';
import { preferredLanguage, setLanguage } from '../ui/texts.svelte';
import App from './App.svelte';
import { followAddress } from './route.svelte';

async function start(): Promise<void> {
  await setLanguage(preferredLanguage());
  followAddress();
  const target = document.getElementById('cabinet');
  if (target) mount(App, { target });
}

void start();
