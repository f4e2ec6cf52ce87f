import { readFileSync } from 'node:fs';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { pathOfNative, shortNative } from '../shortName';

const SAMPLES = Object.values(
  JSON.parse(
    readFileSync(
      new URL('../../../tests/data/igprof/demangled.json', import.meta.url),
      'utf8'
    )
  ) as Record<string, string>
);

describe('the short name of a compiled function', () => {
  it.each([
    ['readCatalog(int)', 'readCatalog(int)'],
    [
      'void hex::apply<std::vector<double, std::allocator<double> > >(std::vector<double>&, int)',
      'void hex::apply<…>(…)'
    ],
    [
      'hex::Grid::release(std::vector<double, std::allocator<double> >&&) [clone .cold]',
      'hex::Grid::release(…) [clone .cold]'
    ],
    [
      'bool std::operator< <char, std::char_traits<char>, std::allocator<char> >(std::string const&, char const*)',
      'bool std::operator< <…>(…)'
    ],
    [
      'std::ostream& std::operator<< <std::char_traits<char> >(std::ostream&, char const*)',
      'std::ostream& std::operator<< <…>(…)'
    ],
    [
      'std::unique_ptr<hex::Grid, std::default_delete<hex::Grid> >::operator->() const',
      'std::unique_ptr<…>::operator->() const'
    ],
    [
      'std::function<double (int, std::vector<double> const&)>::operator()(int, std::vector<double> const&) const',
      'std::function<…>::operator()(…) const'
    ],
    [
      'hex::(anonymous namespace)::relax(std::vector<double, std::allocator<double> >&, int)',
      'hex::(anonymous)::relax(…)'
    ],
    [
      'pybind11_init_hexgrid(pybind11::module_&)::{lambda(hex::Grid&, int)#3}::operator()(hex::Grid&, int) const',
      'pybind11_init_hexgrid(…)::{lambda}::operator()(…) const'
    ],
    [
      'histogram[abi:cxx11](std::vector<double, std::allocator<double> > const&, unsigned long)',
      'histogram(…)'
    ],
    [
      'decltype (((forward<int>)({parm#1}))->x) hex::pick<int, (hex::Kind)1, &(hex::f(int))>(int)',
      'decltype (…) hex::pick<…>(…)'
    ],
    [
      'vtable for std::__detail::_Node_iterator<std::pair<std::string const, double>, false, true>',
      'vtable for std::__detail::_Node_iterator<…>'
    ]
  ])('%s', (name, short) => {
    expect(shortNative(name)).toBe(short);
  });

  it('leaves names alone that are no C++', () => {
    for (const name of ['<unresolved>', '<spontaneous>', '@{libm.so.6+4594}']) {
      expect(shortNative(name, name.length)).toBe(name);
      expect(shortNative(name + ' '.repeat(60))).toContain(name);
    }
    expect(pathOfNative('<unresolved>')).toBe('<unresolved>');
  });

  it('has the end of a path that is too long even so', () => {
    const scopes = Array.from({ length: 12 }, (_, i) => `namespace${i}::`);
    expect(shortNative(`${scopes.join('')}work(int)`, 30)).toBe(
      '…::namespace11::work(…)'
    );
    expect(shortNative('x'.repeat(100), 10)).toBe(`${'x'.repeat(9)}…`);
    expect(shortNative('😀'.repeat(40), 10)).toBe(`${'😀'.repeat(4)}…`);
  });

  it('has every name of the samples in 60 characters, with the function in it', () => {
    for (const name of SAMPLES) {
      const short = shortNative(name);
      expect(short.length).toBeLessThanOrEqual(60);
      expect(short).toMatch(/\w(?:<…>|\[abi:cxx11\])?\(|operator|…$/);
    }
    expect(SAMPLES.map(name => pathOfNative(name))).toEqual(
      expect.arrayContaining([
        'std::__introsort_loop<…>(…)',
        'sorted_median<…>(…)',
        'std::vector<…>::_M_realloc_insert<…>(…)',
        'lin::matmul(…)',
        'operator new(…)'
      ])
    );
  });

  const texts = fc.oneof(
    fc.string(),
    fc
      .array(
        fc.constantFrom(
          ...'<>(){}[] :;,'.split(''),
          '::',
          'operator',
          '->',
          'std',
          '{lambda(',
          '(anonymous namespace)',
          '<unresolved>'
        ),
        { maxLength: 60 }
      )
      .map(parts => parts.join(''))
  );

  it('is as short as asked, whatever the name is, and short names stay', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 80 }), (name, most) => {
        const short = shortNative(name, most);
        expect(short.length).toBeLessThanOrEqual(most);
        if (name.length <= most) {
          expect(short).toBe(name);
        }
        expect(shortNative(short, most)).toBe(short);
        expect(pathOfNative(name).length).toBeLessThanOrEqual(
          name.length + 1 + 8 * name.split(/[<({]/).length
        );
      })
    );
  });

  it('folds brackets that fit together, however deep', () => {
    const types: fc.Arbitrary<string> = fc.letrec<{ type: string }>(tie => ({
      type: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom('int', 'double*', 'A::B', 'char const&'),
        fc
          .array(tie('type'), { minLength: 1, maxLength: 3 })
          .map(args => `std::map<${args.join(', ')} >`),
        fc
          .array(tie('type'), { maxLength: 3 })
          .map(args => `void (*)(${args.join(', ')})`)
      )
    })).type;
    fc.assert(
      fc.property(
        types.filter(type => !type.endsWith(')')),
        types,
        types,
        (result, argument, parameter) => {
          expect(
            pathOfNative(`${result} hex::f<${argument}>::g(${parameter}) const`)
          ).toBe('hex::f<…>::g(…) const');
        }
      )
    );
  });

  it.each(['<', '(', '{lambda(', 'a<', '>', 'operator<', '::', 'a ', '->'])(
    'takes 50 000 characters of %j in time',
    part => {
      const name = part.repeat(50_000 / part.length);
      expect(shortNative(name).length).toBeLessThanOrEqual(60);
    }
  );
});
