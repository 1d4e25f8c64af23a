#include "gateway/semantic/index.hpp"

#include <hnswlib/hnswlib.h>

#include <algorithm>
#include <utility>

namespace troupe::semantic {
namespace {

constexpr std::size_t kLinks = 16, kBuild = 100, kSearch = 64;

}  // namespace

struct Index::World {
  World(std::size_t dimensions, std::size_t room)
      : space(dimensions), graph(&space, room, kLinks, kBuild), capacity(room) {
    graph.setEf(kSearch);
  }
  void add(std::uint64_t id, const Vector& vector) {
    if (used == capacity) graph.resizeIndex(capacity *= 2);
    graph.addPoint(vector.data(), id);
    ++used;
  }
  hnswlib::InnerProductSpace space;
  hnswlib::HierarchicalNSW<float> graph;
  std::size_t capacity, used = 0, dead = 0;
};

Index::Index(std::size_t size) : dimensions_(size) {}
Index::~Index() = default;
Index::Index(Index&&) noexcept = default;
Index& Index::operator=(Index&&) noexcept = default;

void Index::add(std::uint64_t id, Vector vector) {
  if (vector.size() != dimensions_) return;
  const auto [at, added] = vectors_.emplace(id, std::move(vector));
  if (!added) return;
  if (world_) {
    world_->add(id, at->second);
  } else if (vectors_.size() > kFlat) {
    build();
  }
}

void Index::remove(std::uint64_t id) {
  if (vectors_.erase(id) == 0 || !world_) return;
  world_->graph.markDelete(id);
  if (++world_->dead * 2 > world_->used) build();
}

/// Anew from what is there: points that are gone are only marked, and cost time and memory.
void Index::build() {
  world_.reset();
  if (vectors_.size() <= kFlat) return;
  world_ = std::make_unique<World>(dimensions_, 2 * vectors_.size());
  for (const auto& [id, vector] : vectors_) world_->add(id, vector);
}

std::vector<Index::Near> Index::near(const Vector& vector, std::size_t most) const {
  std::vector<Near> out;
  if (vector.size() != dimensions_) return out;
  if (world_) {
    auto found = world_->graph.searchKnn(vector.data(), most);
    for (; !found.empty(); found.pop()) out.push_back({found.top().second, 1 - found.top().first});
  } else {
    for (const auto& [id, other] : vectors_) out.push_back({id, similarity(vector, other)});
  }
  const auto better = [](const Near& a, const Near& b) {
    return a.score != b.score ? a.score > b.score : a.id < b.id;
  };
  const auto kept = std::min(most, out.size());
  std::partial_sort(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(kept), out.end(), better);
  out.resize(kept);
  return out;
}

}  // namespace troupe::semantic
