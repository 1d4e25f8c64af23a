#include "cluster/money/record.hpp"

namespace troupe::money {
namespace {

struct Apply {
  Image& to;
  void operator()(const PromiseWrite& write) const { to.promised = write.epoch; }
  void operator()(const FilledWrite& write) const { to.filled = write.filled; }
  void operator()(const RecordWrite& write) const { to.records[write.record.id] = write.record; }
  void operator()(const BlockWrite& write) const {
    auto& block = to.blocks[write.budget];
    const auto settled = block.settled;
    block = write.block;
    block.settled = settled;
  }
  void operator()(const ForgetWrite& write) const {
    to.records.erase(write.budget);
    to.blocks.erase(write.budget);
  }
};

}  // namespace

void Image::apply(const Write& write) {
  std::visit(Apply{*this}, write);
}

}  // namespace troupe::money
