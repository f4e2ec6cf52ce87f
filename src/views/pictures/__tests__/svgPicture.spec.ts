// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';

import { MOST_SHAPES, svgPicture, type Paper } from '../svgPicture';

const drawn = (paint: (paper: Paper) => void) =>
  svgPicture([{ width: 100, height: 40, paint }], 'Call tree');

function parsed(text: string | null): Document {
  const page = new DOMParser().parseFromString(text ?? '', 'image/svg+xml');
  expect(page.querySelector('parsererror')).toBeNull();
  return page;
}

describe('a picture as SVG', () => {
  it('has the boxes, lines and names that are painted', () => {
    const page = parsed(
      drawn(paper => {
        paper.fillStyle = 'rgb(1, 2, 3)';
        paper.fillRect(0, 0, 50.126, 18);
        paper.fillRect(50, 0, 50, 18);
        paper.fillStyle = 'rgb(4, 5, 6)';
        paper.globalAlpha = 0.5;
        paper.fillRect(0, 18, 10, 18);
        paper.globalAlpha = 1;
        paper.font = '11px "Segoe UI", sans-serif';
        paper.fillText('main', 4, 9);
        paper.beginPath();
        paper.rect(1, 1, 8, 8);
        paper.moveTo(0, 0);
        paper.lineTo(5, 5);
        paper.strokeStyle = 'red';
        paper.lineWidth = 2;
        paper.setLineDash([4, 3]);
        paper.stroke();
      })
    );
    const of = (name: string, attribute: string) =>
      [...page.querySelectorAll(name)].map(node =>
        node.getAttribute(attribute)
      );
    expect(of('rect', 'width')).toEqual(['50.13', '50', '10']);
    expect(of('g', 'fill')).toEqual([
      'rgb(1, 2, 3)',
      'rgb(4, 5, 6)',
      'rgb(4, 5, 6)'
    ]);
    expect(of('g', 'opacity')).toEqual([null, '0.5', null]);
    expect(of('g', 'font-family')[2]).toBe('"Segoe UI", sans-serif');
    expect(of('path', 'd')).toEqual(['M1 1h8v8h-8zM0 0L5 5']);
    expect(of('path', 'stroke-dasharray')).toEqual(['4 3']);
    expect(page.querySelector('text')?.textContent).toBe('main');
    expect(page.querySelector('title')?.textContent).toBe('Call tree');
    expect(page.documentElement.getAttribute('viewBox')).toBe('0 0 100 40');
  });

  it('has paintings one below the other', () => {
    const paint = (paper: Paper) => paper.fillRect(0, 0, 1, 1);
    const page = parsed(
      svgPicture(
        [
          { width: 100, height: 40, paint },
          { width: 120, height: 30, paint }
        ],
        'Sandwich'
      )
    );
    expect(
      [...page.querySelectorAll('svg svg')].map(node => node.getAttribute('y'))
    ).toEqual(['0', '40']);
    expect(page.documentElement.getAttribute('height')).toBe('70');
    expect(page.documentElement.getAttribute('width')).toBe('120');
  });

  it.each([
    ['<script>alert(1)</script>', '<script>alert(1)</script>'],
    ['a&amp;b "c" \'d\' ]]>', 'a&amp;b "c" \'d\' ]]>'],
    // As Python writes what cannot be printed: no file may hold some of it.
    ['a\u0000\u001b\ud800\uffffb', 'a\\x00\\x1b\\ud800\\uffffb'],
    ['\u202egpj.exe', '\\u202egpj.exe'],
    ['\u2068\u05d0\u2069@b.py', '\u2068\u05d0\u2069@b.py'],
    ['\u{1f600}', '\u{1f600}']
  ])('has the name %j as a text', (name, told) => {
    const page = parsed(drawn(paper => paper.fillText(name, 0, 0)));
    expect(page.querySelector('text')?.textContent).toBe(told);
    expect(page.querySelectorAll('text *, script')).toHaveLength(0);
  });

  it('is none where a program could not open it', () => {
    const boxes = (count: number) =>
      drawn(paper => {
        for (let i = 0; i < count; i++) {
          paper.fillRect(i, 0, 1, 1);
        }
      });
    expect(boxes(MOST_SHAPES + 1)).toBeNull();
    expect(boxes(MOST_SHAPES)?.match(/<rect /g)).toHaveLength(MOST_SHAPES);
  });
});
