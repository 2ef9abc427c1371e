import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from './sources.js';

const listed = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
const texts = listed
  .filter((path) => /\.(ts|mjs|js|json|sh|md|yaml|yml|go|mod|txt)$/.test(path) || path === '.npmrc')
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));

it('names no package registry: where packages come from is the user’s setting', () => {
  const hosts = [
    ['registry', 'npmjs', 'org'],
    ['registry', 'yarnpkg', 'com'],
    ['deb', 'debian', 'org'],
    ['proxy', 'golang', 'org'],
  ].map((parts) => parts.join('.'));
  expect(
    texts.filter(({ text }) => hosts.some((host) => text.includes(host))).map(({ path }) => path),
  ).toEqual([]);
});

it('pins every dependency to one version', () => {
  const { dependencies, devDependencies } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  ) as Record<string, Record<string, string>>;
  const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
    ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
  );
  expect(loose).toEqual([]);
});

it('leaves no unfinished marks', () => {
  const mark = new RegExp(
    `\\b(${['TO', 'FIX'].map((word) => `${word}${word === 'TO' ? 'DO' : 'ME'}`).join('|')})\\b`,
  );
  expect(
    texts
      .filter(({ path, text }) => /\.(ts|go|sh|mjs)$/.test(path) && mark.test(text))
      .map(({ path }) => path),
  ).toEqual([]);
});
