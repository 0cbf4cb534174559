// SPDX-License-Identifier: Apache-2.0
//
// A walk through the cabinet of a running server, in both languages, on a phone and on a desk.
//   KSTATI_URL          the server (default http://127.0.0.1:8080)
//   KSTATI_CITIZEN      a citizen with the situation of a birth; the walk gives and withdraws
//                       consents and applies for one service
//   KSTATI_SCREENSHOTS  folder for screenshots (optional)
//   KSTATI_CHROMIUM     the browser (default /usr/bin/chromium)
import { inspect, launch, server, settled, visit } from './browser.mjs';
import { keyboardWalk } from './keyboard.mjs';

const citizen = process.env.KSTATI_CITIZEN ?? '000000000017';
const languages = { ru: 'Русский', en: 'English' };
let passed = 0;
let failed = 0;

function check(holds, what, found) {
  if (holds) passed += 1;
  else failed += 1;
  if (!holds) console.log(`FAILED  ${what}${found ? `\n    ${found}` : ''}`);
}

async function signIn(page, name) {
  await page.goto(server);
  await inspect(page, check, `${name} sign-in`);
  await page.fill('#citizen', '17');
  await page.click('main form button');
  const alert = page.locator('main [role=alert]');
  check(await alert.isVisible(), `${name}: a wrong number is refused`, '');
  await inspect(page, check, `${name} sign-in wrong`);
  await page.fill('#citizen', citizen.replace(/(\d{4})/g, '$1 '));
  await page.click('main form button');
  await page.waitForURL(new RegExp(`${citizen}/situations`));
}

async function situations(page, name) {
  await inspect(page, check, `${name} situations`);
  const cards = await page.locator('main article').count();
  check(cards >= 1, `${name}: there is a situation`, `${cards} found`);
  await page.locator('main article h2 a').first().click();
  await page.waitForURL(/situations\/./);
  await page.waitForSelector('main ol li');
  await inspect(page, check, `${name} chain`);
  const steps = await page.locator('main > ol > li').count();
  check(steps >= 1, `${name}: the chain has steps`, `${steps} found`);
  const dates = await page.locator('main > ol > li p').allInnerTexts();
  const dated = dates.some((words) => /20\d\d/.test(words));
  check(dated, `${name}: steps have dates`, dates.join(' | '));
  await page.locator('main a[href*="/picture/"]').click();
  await page.waitForSelector('main img');
  await page.waitForFunction(() => document.querySelector('main img').naturalWidth > 0);
  await inspect(page, check, `${name} picture`);
  const rows = await page.locator('main article').count();
  check(rows >= 10, `${name}: the picture is told in words`, `${rows} services`);
  await page.locator('main article h3 a').first().click();
  await page.waitForURL(/surroundings\/./);
  await page.waitForFunction(() => document.querySelector('main img')?.naturalWidth > 0);
  await inspect(page, check, `${name} surroundings`);
  const near = await page.locator('main article').count();
  await page.locator('main a[href$="/2"]').click();
  await page.waitForURL(/surroundings\/[^/]+\/2/);
  await page.waitForFunction(() => document.querySelector('main img')?.naturalWidth > 0);
  const further = await page.locator('main article').count();
  check(near >= 1 && further >= near, `${name}: a step further shows no less`, `${near}, ${further}`);
}

async function together(page, name) {
  await page.goto(`${server}/#/${citizen}/situations`);
  await page.locator('main article h2 a').first().click();
  await page.locator('main a[href*="/together/"]').click();
  await page.waitForSelector('main ol li');
  await inspect(page, check, `${name} together`);
  const steps = await page.locator('main > ol > li').count();
  check(steps >= 1, `${name}: the application has steps`, `${steps} found`);
  await page.goto(`${server}/#/${citizen}/cases`);
  await page.locator('main a[href*="/clock/"]').first().click();
  await page.waitForSelector('main ol li');
  await inspect(page, check, `${name} clock`);
  await page.goto(`${server}/#/${citizen}/results`);
  await inspect(page, check, `${name} results`);
}

async function suggestions(page, name) {
  await page.goto(`${server}/#/${citizen}/suggestions`);
  await page.waitForSelector('main article');
  await inspect(page, check, `${name} suggestions`);
  const lists = page.locator('main article > ul');
  check((await lists.count()) >= 1, `${name}: suggestions say why`, '');
  await page.locator('main article button').first().click();
  await inspect(page, check, `${name} apply`);
  await page.keyboard.press('Escape');
  await page.waitForSelector('dialog', { state: 'detached' });
  const files = await page.locator('main [role=status]').count();
  check(files === 0, `${name}: Escape leaves without applying`, '');

  await page.locator('main article a[href*="/suggestions/"]').first().click();
  await page.waitForURL(/suggestions\/./);
  await page.waitForSelector('main article');
  for (const more of await page.locator('main details > summary').all()) await more.click();
  await inspect(page, check, `${name} why`);
  const criteria = await page.locator('main article h3').count();
  check(criteria >= 1, `${name}: every criterion is shown`, `${criteria} found`);
}

/** Gives a consent for everything and leaves its number. */
async function grant(page, name) {
  await page.goto(`${server}/#/${citizen}/consents`);
  await inspect(page, check, `${name} consents`);
  await page.locator('main a[href$="/consents/new"]').click();
  await page.waitForSelector('#scope');
  const chosen = await page.locator('main input:checked').count();
  check(chosen === 0, `${name}: nothing is chosen in advance`, `${chosen} chosen`);
  await page.click('main form button[type=submit]');
  const problems = await page.locator('main [role=alert] li').count();
  check(problems === 2, `${name}: every open question is named`, `${problems} named`);
  await page.check('#scope');
  check(await page.locator('#service').isVisible(), `${name}: a service can be named`, '');
  await page.check('#until');
  check(await page.locator('#date').isVisible(), `${name}: a last day can be given`, '');
  await inspect(page, check, `${name} grant wrong`);
  await page.check('#scope-all');
  await page.check('#until-revocation');
  await inspect(page, check, `${name} grant`);
  await page.click('main form button[type=submit]');
  await page.waitForURL(/consents$/);
  await page.waitForSelector('main article a[href$="/revoke"]');
  await inspect(page, check, `${name} consents granted`);
  const receipt = await page.locator('main article code').first().innerText();
  const told = await page.locator('main [role=status]').first().innerText();
  check(told.includes(receipt), `${name}: the receipt is told`, `${receipt} not in: ${told}`);
  return receipt;
}

/** Takes data and time away from the consent, adds time again, and looks at its history. */
async function amend(page, name, receipt) {
  await page.goto(`${server}/#/${citizen}/consents/${receipt}/narrow`);
  await page.waitForSelector('#categories');
  await page.check('#categories');
  await page.fill('#last', '2098-12-31');
  await inspect(page, check, `${name} narrow`);
  await page.locator('main button').last().click();
  await page.waitForURL(/consents$/);
  await settled(page);
  await page.goto(`${server}/#/${citizen}/consents/${receipt}/renew`);
  await page.waitForSelector('#last');
  await page.fill('#last', '2099-12-31');
  await inspect(page, check, `${name} renew`);
  await page.locator('main button').last().click();
  await page.waitForURL(/consents$/);
  await settled(page);
  const card = page.locator('main article', { hasText: receipt });
  await card.locator('details > summary').first().click();
  const versions = await card.locator('ol > li').count();
  check(versions === 3, `${name}: given, narrowed and renewed are in the history`, `${versions}`);
}

async function proxies(page, name, other) {
  await page.goto(`${server}/#/${citizen}/consents/proxies`);
  await page.waitForSelector('#representative');
  await page.click('main form button[type=submit]');
  await inspect(page, check, `${name} proxies wrong`);
  await page.fill('#representative', other);
  await page.fill('#last', '2099-12-31');
  await page.click('main form button[type=submit]');
  await page.waitForSelector('main [role=status][tabindex]');
  await page.waitForSelector('main article button');
  await inspect(page, check, `${name} proxies`);
  await page.locator('main article button').first().click();
  await page.waitForSelector('main article button', { state: 'detached' });
}

/** Every entry is numbered; the first shown is proved in this browser. */
async function uses(page, name) {
  await page.goto(`${server}/#/${citizen}/uses`);
  await page.waitForSelector('main ol li');
  await inspect(page, check, `${name} uses`);
  const gaps = await page.locator('main .bad').count();
  check(gaps === 0, `${name}: no entry is missing`, '');
  await page.locator('main ol li button').first().click();
  const proof = page.locator('main ol li [role=status]').first();
  await proof.waitFor();
  const words = await proof.innerText();
  check(words.startsWith('✓'), `${name}: an entry is proved in the browser`, words);
  const before = await page.locator('main > p[role=status]').innerText();
  await page.selectOption('#filter', '');
  await page.waitForFunction(
    (was) => document.querySelector('main > p[role=status]')?.textContent !== was, before);
  await inspect(page, check, `${name} uses all`);
}

/** Each fact and each tie says who told it and how sure it is. */
async function known(page, name) {
  await page.goto(`${server}/#/${citizen}/known`);
  await page.waitForSelector('main dl small');
  await inspect(page, check, `${name} known`);
  const origins = await page.locator('main dl small').allInnerTexts();
  const words = /a registry vouches for it|подтверждено реестром/;
  check(origins.every((it) => words.test(it)), `${name}: what is known says how sure it is`, '');
}

async function cases(page, name) {
  await page.goto(`${server}/#/${citizen}/cases`);
  await settled(page);
  for (const more of await page.locator('main details > summary').all()) await more.click();
  await inspect(page, check, `${name} cases`);
}

async function revoke(page, name, receipt) {
  await page.goto(`${server}/#/${citizen}/consents`);
  await page.locator(`main a[href$="/consents/${receipt}/revoke"]`).click();
  await page.waitForSelector('#reason');
  await inspect(page, check, `${name} revoke`);
  await page.locator('main button').last().click();
  await page.waitForURL(/consents$/);
  await settled(page);
  await page.waitForSelector('main article');
  await inspect(page, check, `${name} consents revoked`);
  const open = await page.locator(`main a[href$="/consents/${receipt}/revoke"]`).count();
  const kept = (await page.locator('main article code').allInnerTexts()).includes(receipt);
  check(open === 0 && kept, `${name}: the withdrawn consent stays in the history`, '');
}

/** Applies for the last suggestion: once in a run, for it cannot be taken back. */
async function apply(page, name) {
  await page.goto(`${server}/#/${citizen}/suggestions`);
  await page.waitForSelector('main article');
  const card = page.locator('main > article').last();
  const service = await card.locator('h2').innerText();
  await card.locator('button').first().click();
  await page.locator('dialog button').first().click();
  await page.waitForURL(/cases\/./);
  await page.waitForSelector('main article');
  const told = await page.locator('main [role=status]').first().innerText();
  check(told.includes(service), `${name}: the application is confirmed by name`, told);
  await inspect(page, check, `${name} case`);
  const shown = await page.locator('main article h2').innerText();
  check(shown === service, `${name}: its case opens`, shown);
}

async function unknownService(page, name) {
  await page.goto(`${server}/#/${citizen}/suggestions/no_such_service`);
  await page.waitForSelector('main [role=alert]');
  await inspect(page, check, `${name} problem`);
}

async function walk(browser, language, width) {
  const name = `${language} ${width}`;
  const { context, page, errors } = await visit(browser, language, width);
  await signIn(page, name);
  const spoken = await page.locator('html').getAttribute('lang');
  check(spoken === language, `${name}: the browser's language is used`, spoken);
  await situations(page, name);
  await suggestions(page, name);
  await together(page, name);
  const receipt = await grant(page, name);
  await cases(page, name);
  await amend(page, name, receipt);
  await proxies(page, name, citizen.replace(/7$/, '8'));
  await uses(page, name);
  await known(page, name);
  await revoke(page, name, receipt);
  await page.goto(`${server}/#/${citizen}/messages`);
  await inspect(page, check, `${name} messages`);
  await unknownService(page, name);
  if (name === 'en 1280') await apply(page, name);

  const other = language === 'ru' ? 'en' : 'ru';
  await page.getByRole('button', { name: languages[other] }).click();
  await page.waitForSelector(`html[lang=${other}]`);
  await page.reload();
  await settled(page);
  const kept = await page.locator('html').getAttribute('lang');
  check(kept === other, `${name}: the chosen language is remembered`, kept);
  check(errors.length === 0, `${name}: nothing in the error log`, errors.join('\n    '));
  await context.close();
}

async function attempt(what, steps) {
  try {
    await steps();
  } catch (error) {
    check(false, what, String(error).split('\n').slice(0, 3).join('\n    '));
  }
}

const browser = await launch();
for (const language of Object.keys(languages)) {
  for (const width of [320, 1280]) {
    await attempt(`${language} ${width}: the walk`, () => walk(browser, language, width));
  }
}
await attempt('keyboard: the walk', () => keyboardWalk(browser, citizen, check));
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
