import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { readProfile } from '../../formats/read';
import { glueOf, isGlue } from '../glue';
import { indexColumn, NONE, type FuncIndex } from '../indices';
import type { IProfile } from '../model';
import { profileOf, type IFunctionSpec } from './build';

const DATA = new URL('../../../tests/data/', import.meta.url);

const read = (path: string) =>
  readProfile(new Uint8Array(readFileSync(new URL(path, DATA))), path);

/** One compiled function, and the library it lies in. */
function native(name: string, object = '', more: Partial<IFunctionSpec> = {}) {
  const profile = profileOf([{ name, kind: 'native', ...more }]);
  return {
    ...profile,
    objects: { length: 1, path: [object], build_id: [''] },
    functions: {
      ...profile.functions,
      object: indexColumn<never>(Int32Array.of(object === '' ? NONE : 0))
    }
  };
}

const isOne = (profile: IProfile) => isGlue(profile, 0 as FuncIndex);

/** Names of the functions that are glue, or are not, in the order of the profile. */
function namesOf(profile: IProfile, isWanted: boolean): readonly string[] {
  const glue = glueOf(profile);
  const { name, kind } = profile.functions;
  return name.filter(
    (_, func) => kind[func] === 'native' && (glue[func] === 1) === isWanted
  );
}

describe('glue', () => {
  it.each([
    '_PyEval_EvalFrameDefault',
    '_PyEval_EvalFrameDefault.cold',
    'PyEval_EvalCode',
    '_PyFunction_Vectorcall',
    'PyObject_Vectorcall',
    '_PyObject_MakeTpCall',
    'cfunction_vectorcall_FASTCALL',
    'method_vectorcall_VARARGS_KEYWORDS',
    'slot_tp_call',
    'Py_RunMain',
    'Py_BytesMain',
    'py_trampoline_evaluator',
    'pymain_main',
    'pybind11::cpp_function::dispatcher(_object*, _object*, _object*)',
    'void pybind11::detail::argument_loader<hex::Grid&, int>::call_impl<void, 0ul>(hex::Grid&)',
    'nanobind::detail::nb_func_vectorcall_simple(_object*, _object* const*, unsigned long, _object*)',
    'boost::python::objects::function::call(_object*, _object*) const',
    'double std::__invoke_impl<double, hex::Grid::relax(int)::{lambda()#1}&>(std::__invoke_other)',
    'std::vector<hex::Cell, std::allocator<hex::Cell> >::push_back(hex::Cell const&)',
    'std::function<void (int)>::operator()(int) const',
    '__gnu_cxx::__normal_iterator<double*, std::vector<double> >::operator++()',
    '_ZN8pybind1112cpp_function10dispatcherEP7_objectS2_S2_',
    '_ZNSt6vectorIdSaIdEE9push_backERKd',
    '_ZNKSt8functionIFviEEclEi',
    '_ZSt16__introsort_loopIPdlEvT_S1_T0_',
    '_ZNSs6appendEPKc',
    '__Pyx_PyObject_Call',
    '__pyx_pw_3mod_5solve',
    'ffi_call_unix64',
    '_call_function_pointer',
    'cos@plt',
    '_start',
    '__libc_start_main_impl',
    'start_thread',
    '__clone3'
  ])('is %s', name => {
    expect(isOne(native(name))).toBe(true);
  });

  it.each([
    'hex::Grid::sweepRow(int)',
    'double hex::total<std::vector<double> >(std::vector<double> const&)',
    'std_of_my_own(int)',
    'mystd::sort(int*)',
    '_ZN3hex4Grid8sweepRowEi',
    '_ZN3hex5applyISt6vectorIdSaIdEEEEvRT_',
    'PyArray_Sum',
    'PyUFunc_GenericFunction',
    'PyInit_hexgrid',
    '__pyx_f_3mod_solve',
    '__pyx_pf_3mod_4solve',
    'matmul',
    'malloc',
    'main',
    '@{libm.so.6+459483}'
  ])('is not %s', name => {
    expect(isOne(native(name, '/opt/hexgrid.so'))).toBe(false);
  });

  it.each([
    '/usr/lib/libpython3.11.so.1.0',
    '/opt/python3.13/bin/python3.13',
    '/usr/bin/python3',
    '/opt/lib/libpython3.13t.so',
    'C:\\Python\\python312.dll',
    '/Library/libpython3.12.dylib',
    '/usr/lib/x86_64-linux-gnu/libffi.so.8.1.2',
    '/opt/lib-dynload/_ctypes.cpython-313-x86_64-linux-gnu.so'
  ])('is all of %s', object => {
    expect(isOne(native('do_work', object))).toBe(true);
  });

  it.each([
    '/opt/libpython_tools.so',
    '/home/me/python3.11/site-packages/numpy/core/_multiarray_umath.so',
    '/home/me/mypython',
    '/usr/lib/libm.so.6',
    '[kernel.kallsyms]'
  ])('is not all of %s', object => {
    expect(isOne(native('do_work', object))).toBe(false);
  });

  it.each([
    ['list_preallocate_exact', 'Objects/listobject.c', true],
    ['unicode_new', 'Objects/clinic/unicodeobject.c.h', true],
    ['_PyList_AppendTakeRef', './Include/internal/pycore_list.h', true],
    ['list_sort_impl', '/build/python3.11-3.11.2/Objects/listobject.c', true],
    ['trace_call_function', '/src/Python-3.13.0/Python/ceval.c', true],
    ['Py_INCREF', '/usr/include/python3.11/object.h', true],
    ['callback_fn', '/opt/lib/pybind11/detail/function_ref.h', true],
    ['_M_create_storage', '/usr/include/c++/12/bits/stl_vector.h', true],
    ['zlib_compress_impl', 'Modules/zlibmodule.c', false],
    ['relax', '/home/me/Python/relax.c', false],
    ['relax', '/home/me/Objects/relax.cpp', false]
  ])('is told by the source of a function: %s in %s', (name, path, is) => {
    expect(isOne(native(name, '', { path }))).toBe(is);
  });

  it('may be a static function of the interpreter where the library is not known', () => {
    expect(isOne(native('type_call'))).toBe(true);
    expect(isOne(native('type_call', '/opt/hexgrid.so'))).toBe(false);
  });

  it('is compiled: a Python function of that name is none', () => {
    expect(isOne(native('PyObject_Call', '', { kind: 'python' }))).toBe(false);
  });
});

describe('of the samples', () => {
  it('perf: all of the interpreter is glue, the extension and the libraries below it are not', async () => {
    const profile = await read(
      'perf/mosaic.py3.13-Xperf_jit-dwarf.perf.script.txt.gz'
    );
    const glue = namesOf(profile, true);
    expect(glue).toEqual(
      expect.arrayContaining([
        'pymain_main',
        'map_next',
        'list_vectorcall',
        'run_eval_code_obj',
        'Py_DECREF'
      ])
    );
    expect(namesOf(profile, false)).toEqual(
      expect.arrayContaining([
        'kdtreeSource',
        'parse_fits_block',
        'build_node',
        '__GI___qsort_r',
        '__sin_fma',
        'clear_page_erms'
      ])
    );
  });

  it('collapsed stacks without libraries: what runs Python code, by name', async () => {
    const profile = await read('collapsed/mosaic.mixed.folded');
    expect(namesOf(profile, true)).toEqual([
      '_start',
      '__libc_start_main_impl',
      '__libc_start_call_main',
      ...['init_import_site', 'builtin___import___impl'],
      ...['import_find_and_load', 'builtin_exec_impl'],
      ...['_imp_get_frozen_object_impl', 'unmarshal_frozen_code'],
      ...['init_zipimport', 'clear_thread_frame'],
      ...['Py_XDECREF', 'Py_DECREF', 'Py_INCREF', 'cos@plt']
    ]);
  });

  it('igprof: start-up and the C++ library of a C++ program', async () => {
    expect(namesOf(await read('igprof/hot.pp.gz'), true)).toEqual([
      '_start',
      '__libc_start_main',
      '_ZSt16__introsort_loopIN9__gnu_cxx17__normal_iteratorIPdSt6vectorIdSaIdEEEElNS0_5__ops15_Iter_less_iterEEvT_S9_T0_T1_'
    ]);
    const glue = namesOf(await read('igprof/mosaic.pp.gz'), true);
    expect(glue.length).toBeGreaterThan(200);
    expect(
      glue.every(name => !/_starlib|libm\.so|binascii|qsort/.test(name))
    ).toBe(true);
  });

  it('gperftools: the interpreter by its library alone', async () => {
    const glue = namesOf(await read('gperftools/mosaic.gperf.prof'), true);
    expect(glue.length).toBeGreaterThan(100);
    expect(glue.every(name => /^(?:lib)?python3\.11/.test(name))).toBe(true);
  });
});
