#pragma once
// The nearest of many vectors: one after another while they are few, by a navigable small world when many.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "gateway/semantic/lexical.hpp"

namespace troupe::semantic {

/// Owns its vectors. Beyond kFlat of them hnswlib finds almost always the nearest (Malkov and Yashunin 2018).
/// A value that is moved, not copied; not thread-safe.
class Index {
 public:
  static constexpr std::size_t kFlat = 256;
  struct Near {
    std::uint64_t id = 0;
    float score = 0;  ///< cosine
  };

  explicit Index(std::size_t size);
  ~Index();
  Index(Index&&) noexcept;
  Index& operator=(Index&&) noexcept;

  /// `id` is new; `vector` is of unit length. Ignored when its size is another.
  void add(std::uint64_t id, Vector vector);
  void remove(std::uint64_t id);
  /// The most similar first, at most `most`.
  std::vector<Near> near(const Vector& vector, std::size_t most) const;
  std::size_t size() const { return vectors_.size(); }
  std::size_t dimensions() const { return dimensions_; }

 private:
  struct World;
  void build();

  std::size_t dimensions_;
  std::unordered_map<std::uint64_t, Vector> vectors_;
  std::unique_ptr<World> world_;  ///< nullptr while few
};

}  // namespace troupe::semantic
