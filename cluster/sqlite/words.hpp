#pragma once
// What went wrong with a database of the node, why, and what to do about it.
#include <SQLiteCpp/Exception.h>

#include <filesystem>
#include <string>
#include <string_view>

namespace troupe::sqlite {

/// What only the owner of a database knows of it.
struct Means {
  std::string_view full;  ///< what does not work until there is room
  std::string_view lost;  ///< what becomes of what was in a damaged file that is moved away
};

/// The error for an operator. https://www.sqlite.org/rescode.html
std::string words(const SQLite::Exception& error, const std::filesystem::path& file, const Means& means);

}  // namespace troupe::sqlite
