// Memory of known sizes. The lines that allocate are named by comments: tests look for these.
#include <pybind11/pybind11.h>

#include <thread>
#include <vector>

namespace heap {

struct Store {
  std::vector<double> cells;
  explicit Store(std::size_t count) : cells(count) {}  // line: store
};

// One buffer at a time.
__attribute__((noinline)) std::size_t churn(std::size_t times, std::size_t bytes) {
  std::size_t sum = 0;
  for (std::size_t i = 0; i < times; ++i) {
    std::vector<char> buffer(bytes);  // line: churn
    buffer[i % bytes] = 1;
    sum += static_cast<std::size_t>(buffer[i % bytes]);
  }
  return sum;
}

void in_thread(std::size_t bytes) {
  std::thread other([bytes] { churn(1, bytes); });
  other.join();
}

// Python that C++ calls back.
void with_buffer(std::size_t bytes, const pybind11::function &then) {
  std::vector<char> buffer(bytes);  // line: outer
  then();
}

}  // namespace heap

PYBIND11_MODULE(heap, module) {
  pybind11::class_<heap::Store>(module, "Store").def(pybind11::init<std::size_t>());
  module.def("churn", &heap::churn);
  module.def("with_buffer", &heap::with_buffer);
  module.def("in_thread", &heap::in_thread,
             pybind11::call_guard<pybind11::gil_scoped_release>());
}
