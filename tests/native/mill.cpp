// A module with work of known shares: grind and sift take the CPU time that they are told.
#include <chrono>
#include <cmath>
#include <functional>
#include <pybind11/functional.h>
#include <pybind11/pybind11.h>
#include <thread>
#include <time.h>

namespace py = pybind11;

namespace mill {

inline double turn(double x, int stones) {
  for (int i = 0; i < 200; i++)
    x = std::sqrt(x * x + stones);
  return x;
}

double cpu() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec + now.tv_nsec * 1e-9;
}

__attribute__((noinline)) double grind(double seconds) {
  double end = cpu() + seconds, x = 1;
  while (cpu() < end)
    for (int i = 0; i < 500; i++)
      x = turn(x, 1);
  return x;
}

__attribute__((noinline)) double sift(double seconds) {
  double end = cpu() + seconds, x = 1;
  while (cpu() < end)
    for (int i = 0; i < 500; i++)
      x += turn(x, 2);
  return x;
}

__attribute__((noinline)) double ask(const std::function<double(double)> &miller, double x) {
  return miller(x) + 1;
}

__attribute__((noinline)) double beside(double seconds) {
  double x = 0;
  std::thread other([&] { x = grind(seconds); });
  other.join();
  return x;
}

} // namespace mill

PYBIND11_MODULE(MILL, m) {
  m.def("grind", &mill::grind);
  m.def("sift", &mill::sift);
  m.def("ask", &mill::ask);
  m.def("beside", &mill::beside, py::call_guard<py::gil_scoped_release>());
}
