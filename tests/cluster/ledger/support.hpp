#pragma once
// Directories that go when the test does, and things to write.
#include <filesystem>
#include <string>

#include "cluster/ledger/store.hpp"
#include "core/random.hpp"

namespace troupe::ledger {

class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / ("ledger-" + std::to_string(entropy_seed()))) {
    std::filesystem::create_directories(path_);
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline Entry entry(money::BudgetId budget, money::Picos cost) {
  Entry out;
  out.charges = {{budget, WallTime(std::chrono::seconds(1000)), cost}};
  auto& expense = out.expense;
  expense.at = WallTime(std::chrono::seconds(5));
  expense.tenant = "team";
  expense.provider = "openai";
  expense.model = "gpt";
  expense.input = {10};
  expense.output = {20};
  expense.cost = cost;
  return out;
}
inline money::Write block(money::BudgetId budget, money::Picos mark, money::Picos released = 0) {
  return money::BlockWrite{budget, {mark, released, 0, 0, 1000}};
}

}  // namespace troupe::ledger
