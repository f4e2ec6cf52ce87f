// @vitest-environment jsdom
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { cutMiddle, plotText } from '../plotText';

/** What is used here of plotly's inside, which has no types. */
interface ISelection {
  text(text: string): ISelection;
  call(draw: unknown, graph: null): void;
}

async function inside(name: string): Promise<unknown> {
  const loaded: unknown = await import(/* @vite-ignore */ name);
  return Reflect.get(Object(loaded), 'default');
}

const d3 = (await inside('@plotly/d3')) as {
  select(node: Element): ISelection;
};
const { convertToTspans } = (await inside(
  'plotly.js/src/lib/svg_text_utils.js'
)) as { convertToTspans: unknown };

/** How plotly itself makes SVG of a text. */
function drawn(text: string): SVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const node = document.createElementNS('http://www.w3.org/2000/svg', 'text');
  svg.append(node);
  d3.select(node).text(text).call(convertToTspans, null);
  return svg;
}

describe('a text for plotly', () => {
  it.each([
    '<img src=x onerror=alert(1)>',
    '<a href="javascript:alert(1)">click</a>',
    '<b>bold</b><br>next &lt;i&gt; &amp; &#60;u&#62; &nbsp;',
    '%{x} %{customdata[0]} $\\alpha$',
    'שלום_עולם',
    '\u{1F600}'
  ])('is shown as it is: %s', text => {
    const svg = drawn(plotText(text));
    expect(svg.textContent).toBe(text);
    expect(svg.querySelectorAll('*:not(text, tspan.line)').length).toBe(0);
    expect(svg.querySelectorAll('tspan').length).toBeLessThanOrEqual(1);
  });

  it('would be markup otherwise', () => {
    const svg = drawn('<a href="https://example.org">click</a>');
    expect(svg.querySelector('a')).not.toBeNull();
  });

  it('has nothing that an SVG file may not hold, or that turns text around', () => {
    const text = 'a\u0000\u0007\n\u202eb\u2066c\ud800d\ufffe';
    expect(plotText(text)).toBe(
      'a\ufffd\ufffd\ufffd\ufffdb\ufffdc\ufffdd\ufffd'
    );
    const texts = fc.array(fc.string({ unit: 'binary' }), { minLength: 10 });
    fc.assert(
      fc.property(texts, all => {
        const svg = document.createElement('div');
        svg.append(...all.map(any => drawn(plotText(any))));
        expect(svg.querySelector('a, image, tspan[style]')).toBeNull();
        const xml = new XMLSerializer().serializeToString(svg);
        const parsed = new DOMParser().parseFromString(xml, 'text/xml');
        expect(parsed.querySelector('parsererror')).toBeNull();
      }),
      { numRuns: 8 }
    );
  });
});

describe('a name that is too long', () => {
  it('is cut in its middle', () => {
    expect(cutMiddle('abcdefghij', 5)).toBe('ab…ij');
    expect(cutMiddle('abcdefghij', 6)).toBe('abc…ij');
    expect(cutMiddle('abcdefghij', 10)).toBe('abcdefghij');
    expect(cutMiddle('', 5)).toBe('');
  });

  it('is cut between characters, however long it is', () => {
    const face = '\u{1F600}';
    expect(cutMiddle(face.repeat(9), 3)).toBe(`${face}…${face}`);
    expect(cutMiddle(face.repeat(3), 3)).toBe(face.repeat(3));
    expect(cutMiddle('x'.repeat(1e6), 11)).toBe('xxxxx…xxxxx');
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: 3, max: 20 }),
        (text, most) => {
          const cut = cutMiddle(text, most);
          expect([...cut].length).toBe(Math.min([...text].length, most));
        }
      )
    );
  });
});
