import { NONE, type FuncIndex } from './indices';
import type { IFunctions, IProfile } from './model';
import { pathOfNative } from './shortName';

/** The interpreter itself: `python3.13`, `libpython3.11.so.1.0`, `python312.dll`. */
const INTERPRETER =
  /(?:^|[/\\])(?:lib)?[Pp]ython[\d.]*[a-z]*(?:\.exe|\.dll|(?:\.so|\.dylib)[\d.]*)?$/;

/** What runs Python code in it. */
const EVALUATION = /^_*PyEval_/;

/** libffi, ctypes and cffi. */
const FOREIGN_CALLS =
  /(?:^|[/\\])(?:libffi[\w.-]*|_ctypes\.[\w.-]+|_cffi_backend\.[\w.-]+)$/;

/** The C API of CPython by which code is called and run. Not all of `Py*`: NumPy's `PyArray_*` does the work itself. */
const PYTHON_API =
  /^_?_?Py(?:_|(?:Eval|Object|Function|Vectorcall|CFunction|CMethod|Method|InstanceMethod|Run|Import|Gen|Coro|AsyncGen|Frame|Thread|ThreadState|Interpreter|InterpreterState|Code|Arg|Iter|Cell|Type|Mapping|Sequence|Number|Call|Trash|Stack|Trampoline|Context|GILState)_)/;

/** Static functions of CPython that no other library calls so. */
const PYTHON_STATIC =
  /^(?:cfunction_|method_vectorcall|method_descriptor_|slot_tp_|slot_nb_|slot_sq_|slot_mp_|py_trampoline_|_TAIL_CALL_|pymain_|pyrun_|run_eval_code_obj|vectorcall_(?:method|maybe|unbound)|object_vacall|builtin_exec|builtin_eval|builtin___(?:import|build_class)__|import_find_and_load|gen_send_ex|wrap_(?:call|init)$)/;

/** Static functions of CPython whose names others may have, too: glue where the library is not known. */
const PYTHON_MAYBE =
  /^(?:type_call|method_call|wrapper_call|run_mod|gen_iternext|context_run|thread_run|pythread_wrapper|partial_(?:call|vectorcall\w*)|pythread_\w+|list_vectorcall|tuple_vectorcall|type_vectorcall|_imp_\w+|init_(?:import_site|zipimport)|unmarshal_frozen_code|clear_thread_frame)$/;

/** Namespaces of bindings and of the C++ library, as paths of names and as they begin in object files. */
const NAMESPACES =
  /^(?:pybind11|nanobind|boost::python|std|__gnu_cxx|__cxxabiv1)::/;
const MANGLED =
  /^_?_ZN?(?:[KVrRO]*)(?:8pybind11|8nanobind|5boost6python|S[tabsiod]|9__gnu_cxx|10__cxxabiv1)/;

/** What Cython writes around its functions. */
const CYTHON = /^(?:__Pyx_|__pyx_pw_|__pyx_specialmethod_)/;

/** libffi and ctypes by their functions. */
const FFI =
  /^(?:ffi_(?:call|closure|prep)\w*|_call_function_pointer|_ctypes_callproc|PyCFuncPtr_call|cdata_call)$/;

/**
 * Sources of the interpreter (not of its modules, which do what they were called for), of bindings and of the C++
 * library, where debug information has them.
 */
const SOURCES =
  /(?:^(?:\.[/\\])?|[/\\](?:cpython|[Pp]ython-?\d[\w.-]*)[/\\])(?:Objects|Python|Parser|Include)[/\\](?:[\w-]+[/\\]){0,2}\w+(?:\.c)?\.[ch]$|(?:^|[/\\])(?:include[/\\]python3[\w.]*[/\\].*|(?:pybind11|nanobind|boost[/\\]python)[/\\].*\.h(?:pp)?|include[/\\]c\+\+[/\\].*)$/;

/** Stubs of the linker, and what runs before a program or a thread does. */
const START =
  /@plt(?:$|\b)|^(?:\.plt\S*|_start|_init|call_init|__libc_start_(?:main|call_main)\w*|start_thread|_*clone3?|thread_start|_dl_(?:start|init|runtime_resolve|fixup)\w*|__libc_csu_init)$/;

/**
 * Whether a function is between what a user wrote: it calls, converts or starts, and does none of the work.
 *
 * Compiled functions only, by library and name:
 *
 * - all of the interpreter, where it is known that a function lies in `libpython3*` or a `python3*` executable; else
 *   what runs Python code, as `_PyEval_EvalFrameDefault`, `PyObject_Vectorcall`, `cfunction_call`, `slot_tp_call`
 * - pybind11, nanobind, Boost.Python; wrappers that Cython generates
 * - the C++ library, `std::` and `__gnu_cxx::`
 * - libffi, ctypes, cffi
 * - what debug information places in a source of these
 * - stubs of the linker (`@plt`), start-up of a program or a thread
 */
export function isGlue(profile: IProfile, func: FuncIndex): boolean {
  return glueOf(profile)[func] === 1;
}

/**
 * Whether a function is CPython's interpreter. Where it was called Python ran, though no frame of it may be there, as in
 * what igprof and gperftools write.
 */
export function isInterpreter(
  { functions, objects }: IProfile,
  func: number
): boolean {
  const path = objects.path[functions.object[func]] ?? '';
  return EVALUATION.test(functions.name[func]) || INTERPRETER.test(path);
}

const KNOWN = new WeakMap<IFunctions, Uint8Array>();

/** For each function 1 where it is glue. */
export function glueOf({ functions, objects, files }: IProfile): Uint8Array {
  let column = KNOWN.get(functions);
  if (!column) {
    const ofObject = objects.path.map(
      path => INTERPRETER.test(path) || FOREIGN_CALLS.test(path)
    );
    const ofFile = files.path.map(path => SOURCES.test(path));
    column = Uint8Array.from(functions.name, (name, func) => {
      const object: number = functions.object[func];
      const file: number = functions.file[func];
      return functions.kind[func] === 'native' &&
        ((object !== NONE && ofObject[object]) ||
          (file !== NONE && ofFile[file]) ||
          isGlueName(functions.qualified[func] || name, object === NONE))
        ? 1
        : 0;
    });
    KNOWN.set(functions, column);
  }
  return column;
}

function isGlueName(name: string, isObjectUnknown: boolean): boolean {
  if (
    PYTHON_API.test(name) ||
    PYTHON_STATIC.test(name) ||
    CYTHON.test(name) ||
    FFI.test(name) ||
    START.test(name) ||
    MANGLED.test(name) ||
    (isObjectUnknown && PYTHON_MAYBE.test(name))
  ) {
    return true;
  }
  return name.includes('::') && NAMESPACES.test(pathOfNative(name));
}
