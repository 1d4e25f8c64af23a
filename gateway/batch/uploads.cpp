// Files on their way in: kept aside until they are whole.
#include <algorithm>
#include <system_error>
#include <utility>

#include "config/measure.hpp"
#include "gateway/batch/office.hpp"

namespace troupe::batch {
namespace {

constexpr std::size_t kFilename = 255;

tl::unexpected<Error> upload_gone() {
  return fail(Fault::troupe_internal, "The upload is not there any more.");
}

}  // namespace

Result<std::string> Office::begin_upload() {
  if (uploads_.size() >= kMostUploads)
    return fail(Fault::policy_queue_full, "64 files are being uploaded to this node; try again in a moment.",
                {}, "too_many_uploads");
  auto id = name(Kind::file);
  auto file = DiskFile::open(store_.incoming(id), DiskFile::For::anew);
  if (!file) return tl::unexpected(file.error());
  uploads_.emplace(id, Incoming{std::move(*file), 0});
  return id;
}

Result<void> Office::append(const std::string& upload, std::string_view bytes) {
  const auto found = uploads_.find(upload);
  if (found == uploads_.end()) return upload_gone();
  auto& [file, size] = found->second;
  const auto most = static_cast<std::uint64_t>(options_.batches.max_file);
  Result<void> out;
  if (size + bytes.size() > most)
    out = fail(Fault::caller_too_large,
               "The file is larger than this node takes (" + config::format_size(options_.batches.max_file) +
                   "): split it.",
               "file", "file_too_large");
  else
    out = file.write(size, bytes);
  size += bytes.size();
  if (!out) abandon(upload);
  return out;
}

Result<File> Office::commit(const std::string& upload, const Upload& about) {
  const auto found = uploads_.find(upload);
  if (found == uploads_.end()) return upload_gone();
  const auto mine = std::count_if(store_.files().begin(), store_.files().end(), [&](const auto& one) {
    return one.second.owner.tenant == about.owner.tenant;
  });
  if (static_cast<std::size_t>(mine) >= kMostFiles) {
    abandon(upload);
    return fail(Fault::caller_bad_request, "This tenant has 1000 files on this node: delete some.", {},
                "too_many_files");
  }
  File file{upload,
            about.filename.substr(0, kFilename),
            about.purpose,
            about.owner,
            static_cast<std::int64_t>(found->second.bytes),
            now(),
            0};
  const auto longest = std::chrono::floor<std::chrono::seconds>(options_.batches.keep).count();
  file.expires_at = now() + std::min<Second>(about.keep.value_or(longest), longest);
  auto kept = found->second.file.sync();
  if (kept) kept = move_file(store_.incoming(upload), store_.data(upload));
  if (kept) kept = store_.put(file);
  if (!kept) {
    abandon(upload);
    store_.drop_file(upload);
    return tl::unexpected(kept.error());
  }
  uploads_.erase(found);
  count();
  return file;
}

void Office::abandon(const std::string& upload) {
  const auto found = uploads_.find(upload);
  if (found == uploads_.end()) return;
  const auto path = store_.incoming(upload);
  uploads_.erase(found);
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
}

}  // namespace troupe::batch
