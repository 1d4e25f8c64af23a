#pragma once
// Files and batches on the disk of one node: a directory of files with their data, one of batches with their
// journals. Blocks; one thread at a time.
#include <filesystem>
#include <map>
#include <string>

#include "core/result.hpp"
#include "gateway/batch/objects.hpp"

namespace troupe::batch {

class Store {
 public:
  /// Makes the directories where they are not there, reads what is known, and clears away what was half
  /// done: uploads that did not end, data without a file.
  static Result<Store> open(std::filesystem::path directory);

  const std::map<std::string, File>& files() const { return files_; }
  const std::map<std::string, Batch>& batches() const { return batches_; }
  const File* file(const std::string& id) const;
  const Batch* batch(const std::string& id) const;

  /// On the disk when it returns without an error.
  Result<void> put(const File& file);
  Result<void> put(const Batch& batch);
  void drop_file(const std::string& id);
  void drop_batch(const std::string& id);

  /// Where the data of a file lies, and a batch's journal. `id` is one that read_id() takes.
  std::filesystem::path data(const std::string& id) const { return directory_ / "files" / (id + ".data"); }
  std::filesystem::path journal(const std::string& id) const {
    return directory_ / "batches" / (id + ".journal");
  }
  /// Where an upload lies until it is whole.
  std::filesystem::path incoming(const std::string& id) const { return directory_ / "incoming" / id; }

 private:
  explicit Store(std::filesystem::path directory) : directory_(std::move(directory)) {}
  Result<void> read_all();

  std::filesystem::path directory_;
  std::map<std::string, File> files_;
  std::map<std::string, Batch> batches_;
};

}  // namespace troupe::batch
