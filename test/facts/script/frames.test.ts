import { expect, it } from 'vitest';
import { parseFrames } from '../../../src/facts/script/frames.js';

const mark = 'drover-section-n';

it('cuts the answer into sections with their times and status', () => {
  const stdout = `${mark} begin os 10.00\nline one\n\n${mark} end os 10.25 0\n${mark} begin cpu 10.30\nno newline\n${mark} end cpu 10.31 3\n`;
  const stderr = `${mark} begin os 10.00\ncomplaint\n${mark} begin cpu 10.30\n`;
  expect(parseFrames(stdout, stderr, mark)).toEqual([
    { id: 'os', stdout: 'line one\n', stderr: 'complaint\n', status: 0, begin: 10, end: 10.25 },
    { id: 'cpu', stdout: 'no newline', stderr: '', status: 3, begin: 10.3, end: 10.31 },
  ]);
});

it('leaves out a section whose end never came', () => {
  expect(parseFrames(`${mark} begin os 1.00\nhalf a li`, '', mark)).toEqual([]);
});
