#pragma once
// Files of the disk, with errors as values. Everything here blocks: never on an I/O thread.
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace troupe::batch {

/// An open file, closed by its destructor. What fails answers Fault::troupe_internal with the path and the
/// system's reason: for the log, not for clients.
class DiskFile {
 public:
  enum class For : std::uint8_t {
    reading,
    writing,  ///< made where it is not there; what is in it stays
    anew,     ///< made, or emptied
  };
  static Result<DiskFile> open(const std::filesystem::path& path, For what);

  DiskFile(DiskFile&& other) noexcept;
  DiskFile& operator=(DiskFile&& other) noexcept;
  DiskFile(const DiskFile&) = delete;
  DiskFile& operator=(const DiskFile&) = delete;
  ~DiskFile();

  /// All of it at that place, or an error.
  Result<void> write(std::uint64_t offset, std::string_view bytes);
  /// Up to `size` bytes from there; fewer only at the end of the file.
  Result<std::string> read(std::uint64_t offset, std::size_t size) const;
  Result<std::uint64_t> size() const;
  Result<void> cut(std::uint64_t size);
  /// Returns when the disk has it.
  Result<void> sync();

 private:
  DiskFile(int fd, std::filesystem::path path) : fd_(fd), path_(std::move(path)) {}
  int fd_;
  std::filesystem::path path_;
};

/// Replaces the file as a whole: after a crash it is the old one or the new one, and on the disk.
Result<void> write_whole(const std::filesystem::path& path, std::string_view text);
/// Moves a file that is on the disk, for good.
Result<void> move_file(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace troupe::batch
