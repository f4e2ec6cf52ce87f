// Work of benchmarks/native.py in C++: a hot leaf, and containers that are kept or thrown away.
#include <pybind11/pybind11.h>

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

namespace mixed {

// So that each has a frame of its own on the stack.
#define FRAME __attribute__((noinline))

FRAME double relax(std::vector<double> &cells) {
  double change = 0;
  for (std::size_t i = 1; i + 1 < cells.size(); ++i) {
    const double next = std::sqrt(1 + 0.5 * (cells[i - 1] * cells[i] + cells[i + 1]));
    change += std::fabs(next - cells[i]);
    cells[i] = next;
  }
  return change;
}

FRAME double sweep(std::size_t count, std::size_t times) {
  std::vector<double> cells(count, 0.5);
  double change = 0;
  for (std::size_t i = 0; i < times; ++i) {
    change = relax(cells);
  }
  return change;
}

struct Grid {
  std::vector<std::vector<double>> rows;
  FRAME Grid(std::size_t height, std::size_t width)
      : rows(height, std::vector<double>(width)) {}
};

FRAME std::size_t churn(std::size_t times) {
  std::size_t length = 0;
  for (std::size_t i = 0; i < times; ++i) {
    length += std::string(40 + i % 50, 'x').size();
  }
  return length;
}

}  // namespace mixed

PYBIND11_MODULE(mixed, module) {
  module.def("sweep", &mixed::sweep);
  module.def("churn", &mixed::churn);
  pybind11::class_<mixed::Grid>(module, "Grid").def(
      pybind11::init<std::size_t, std::size_t>());
}
