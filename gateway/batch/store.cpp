#include "gateway/batch/store.hpp"

#include <system_error>
#include <vector>

#include "core/log.hpp"
#include "gateway/batch/disk.hpp"
#include "gateway/batch/ids.hpp"

namespace troupe::batch {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kLargest = 1 << 20;  // bytes of what is kept about one thing

std::vector<fs::path> listed(const fs::path& directory) {
  std::vector<fs::path> out;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) out.push_back(entry.path());
  return out;
}

Json read_json(const fs::path& path) {
  const auto file = DiskFile::open(path, DiskFile::For::reading);
  if (!file) return {};
  const auto text = file->read(0, kLargest);
  return text ? Json::parse(*text, nullptr, false) : Json();
}

void erase(const fs::path& path) {
  std::error_code ignored;
  fs::remove(path, ignored);
}

std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

Result<Store> Store::open(fs::path directory) {
  Store out(std::move(directory));
  for (const char* part : {"files", "batches", "incoming"}) {
    std::error_code error;
    fs::create_directories(out.directory_ / part, error);
    if (error)
      return fail(Fault::troupe_internal, (out.directory_ / part).string() +
                                              " cannot be made: " + error.message() +
                                              "; let the node's user own the directory of store.path");
  }
  if (auto read = out.read_all(); !read) return tl::unexpected(read.error());
  return out;
}

Result<void> Store::read_all() {
  for (const auto& path : listed(directory_ / "incoming")) erase(path);
  for (const auto& path : listed(directory_ / "files")) {
    if (path.extension() != ".json") continue;
    const auto file = read_file(read_json(path));
    if (file && read_id(file->id) && file->id == path.stem() && fs::exists(data(file->id)))
      files_[file->id] = *file;
    else
      log::warn("batch_file_unreadable").text("file", path.filename().string());
  }
  for (const auto& path : listed(directory_ / "files"))
    if (path.extension() == ".data" && !files_.contains(path.stem())) erase(path);
  for (const auto& path : listed(directory_ / "batches")) {
    if (path.extension() != ".json") continue;
    const auto batch = read_batch(read_json(path));
    if (batch && read_id(batch->id) && batch->id == path.stem())
      batches_[batch->id] = *batch;
    else
      log::warn("batch_unreadable").text("batch", path.filename().string());
  }
  return {};
}

const File* Store::file(const std::string& id) const {
  const auto found = files_.find(id);
  return found == files_.end() ? nullptr : &found->second;
}

const Batch* Store::batch(const std::string& id) const {
  const auto found = batches_.find(id);
  return found == batches_.end() ? nullptr : &found->second;
}

Result<void> Store::put(const File& file) {
  auto written = write_whole(directory_ / "files" / (file.id + ".json"), text_of(kept(file)));
  if (written) files_[file.id] = file;
  return written;
}

Result<void> Store::put(const Batch& batch) {
  auto written = write_whole(directory_ / "batches" / (batch.id + ".json"), text_of(kept(batch)));
  if (written) batches_[batch.id] = batch;
  return written;
}

void Store::drop_file(const std::string& id) {
  erase(directory_ / "files" / (id + ".json"));
  erase(data(id));
  files_.erase(id);
}

void Store::drop_batch(const std::string& id) {
  erase(directory_ / "batches" / (id + ".json"));
  erase(journal(id));
  batches_.erase(id);
}

}  // namespace troupe::batch
