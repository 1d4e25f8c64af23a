#pragma once
// The INI files of AWS' tools (~/.aws/config, ~/.aws/credentials).
// Source: docs.aws.amazon.com/sdkref/latest/guide/file-format.html.
#include <map>
#include <string>
#include <string_view>

namespace troupe::cloud {

using IniSection = std::map<std::string, std::string, std::less<>>;
/// By the text between the brackets, trimmed and with one space inside.
using Ini = std::map<std::string, IniSection, std::less<>>;

/// Comments, nested settings (indented lines) and lines that are no pair are left out; a section that occurs
/// twice is one, its later values win. Names are lower-case.
Ini parse_ini(std::string_view text);

}  // namespace troupe::cloud
