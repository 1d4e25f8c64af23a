#include "gateway/batch/disk.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace troupe::batch {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> failed(const fs::path& path, const char* what) {
  return fail(Fault::troupe_internal, path.string() + ": cannot " + what + ": " + std::strerror(errno), {},
              errno == ENOSPC ? "disk_full" : "disk");
}

/// A file's name is on the disk when its directory is.
Result<void> sync_directory(const fs::path& of) {
  auto directory = DiskFile::open(of.parent_path(), DiskFile::For::reading);
  return directory ? directory->sync() : tl::unexpected(directory.error());
}

}  // namespace

Result<DiskFile> DiskFile::open(const fs::path& path, For what) {
  int flags = O_CLOEXEC;
  if (what == For::reading) flags |= O_RDONLY;
  if (what != For::reading) flags |= O_RDWR | O_CREAT;
  if (what == For::anew) flags |= O_TRUNC;
  const int fd = ::open(path.c_str(), flags, 0600);  // prompts are nobody else's
  if (fd < 0) return failed(path, "open");
  return DiskFile(fd, path);
}

DiskFile::DiskFile(DiskFile&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), path_(std::move(other.path_)) {}

DiskFile& DiskFile::operator=(DiskFile&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(path_, other.path_);
  return *this;
}

DiskFile::~DiskFile() {
  if (fd_ >= 0) ::close(fd_);
}

Result<void> DiskFile::write(std::uint64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return failed(path_, "write");
    offset += static_cast<std::uint64_t>(count);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return {};
}

Result<std::string> DiskFile::read(std::uint64_t offset, std::size_t size) const {
  std::string out(size, '\0');
  std::size_t have = 0;
  while (have < size) {
    const auto count = ::pread(fd_, out.data() + have, size - have, static_cast<off_t>(offset + have));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed(path_, "read");
    if (count == 0) break;
    have += static_cast<std::size_t>(count);
  }
  out.resize(have);
  return out;
}

Result<std::uint64_t> DiskFile::size() const {
  struct stat about {};
  if (::fstat(fd_, &about) != 0) return failed(path_, "look at");
  return static_cast<std::uint64_t>(about.st_size);
}

Result<void> DiskFile::cut(std::uint64_t size) {
  if (::ftruncate(fd_, static_cast<off_t>(size)) != 0) return failed(path_, "cut");
  return {};
}

Result<void> DiskFile::sync() {
  if (::fsync(fd_) != 0) return failed(path_, "sync");
  return {};
}

Result<void> write_whole(const fs::path& path, std::string_view text) {
  auto aside = path;
  aside += ".new";
  auto file = DiskFile::open(aside, DiskFile::For::anew);
  if (!file) return tl::unexpected(file.error());
  if (auto written = file->write(0, text); !written) return written;
  if (auto synced = file->sync(); !synced) return synced;
  return move_file(aside, path);
}

Result<void> move_file(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return failed(to, "replace");
  return sync_directory(to);
}

}  // namespace troupe::batch
