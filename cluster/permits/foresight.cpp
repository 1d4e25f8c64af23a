#include "cluster/permits/foresight.hpp"

#include <algorithm>

namespace troupe::cluster {
namespace {

std::int64_t millis(Duration span) {
  return std::max<std::int64_t>(0, std::chrono::ceil<std::chrono::milliseconds>(span).count());
}

}  // namespace

void foretell(GrantLine& line, const Book& book, Time now) {
  if (book.spec.kind == LimitKind::concurrency) return;
  auto full = Duration::zero();
  if (!book.cooling.empty()) {
    line.next_ms = millis(book.cooling.front().first - now);
    full = book.cooling.back().first - now;
  }
  if (line.left + book.cooling_sum < book.spec.units) full = std::max(full, book.spec.window);
  line.full_ms = millis(full);
}

}  // namespace troupe::cluster
