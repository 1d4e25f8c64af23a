#include "cluster/wire/codec.hpp"

#include <msgpack.hpp>

#include "cluster/link/unpack.hpp"
#include "cluster/wire/cache.hpp"
#include "cluster/wire/fields.hpp"
#include "cluster/wire/keyring.hpp"
#include "cluster/wire/money.hpp"
#include "cluster/wire/users.hpp"

namespace troupe::wire {
namespace {

using Packer = msgpack::packer<msgpack::sbuffer>;
using Object = msgpack::object;
constexpr int kMoney = 2;  // [kMoney, kind, fields...]
constexpr int kErrands = 3;
constexpr int kKeyring = 6;  // [kKeyring, kind, fields...]
constexpr int kCache = 4;
constexpr int kUsers = 7;

template <class T>
concept Tied = requires(T& value) {
  Fields<T>::of(value);
};
template <class T>
concept Integer = std::integral<T> && !std::same_as<T, bool>;

// -- to bytes

template <Integer T>
void put(Packer& out, const T& value) {
  out.pack(value);
}
void put(Packer& out, const bool& value) {
  out.pack(value);
}
void put(Packer& out, const double& value) {
  out.pack(value);
}
void put(Packer& out, const std::string& value) {
  out.pack(value);
}
void put(Packer& out, const Duration& value) {
  out.pack(value.count());
}
template <class T>
requires std::is_enum_v<T>
void put(Packer& out, const T& value) {
  out.pack(static_cast<int>(value));
}
template <class A, class B>
void put(Packer& out, const std::pair<A, B>& value);
template <class T>
void put(Packer& out, const std::vector<T>& value);
template <class T>
void put(Packer& out, const std::optional<T>& value);
/// What is shared here is copied for the others; never null.
template <class T>
void put(Packer& out, const std::shared_ptr<const T>& value);
template <Tied T>
void put(Packer& out, const T& value) {
  std::apply(
      [&](const auto&... field) {
        out.pack_array(sizeof...(field));
        (put(out, field), ...);
      },
      Fields<T>::of(value));
}
template <class A, class B>
void put(Packer& out, const std::pair<A, B>& value) {
  out.pack_array(2);
  put(out, value.first);
  put(out, value.second);
}
template <class T>
void put(Packer& out, const std::vector<T>& value) {
  out.pack_array(static_cast<std::uint32_t>(value.size()));
  for (const auto& item : value) put(out, item);
}
template <class T>
void put(Packer& out, const std::optional<T>& value) {
  if (value)
    put(out, *value);
  else
    out.pack_nil();
}

template <class T>
void put(Packer& out, const std::shared_ptr<const T>& value) {
  put(out, *value);
}

template <class Family>
std::string encoded(int family, const Family& message) {
  msgpack::sbuffer buffer;
  Packer out(buffer);
  out.pack_array(3);
  out.pack(family);
  out.pack(static_cast<int>(message.index()));
  std::visit([&](const auto& body) { put(out, body); }, message);
  return std::string(buffer.data(), buffer.size());
}

// -- and back

template <Integer T>
bool get(const Object& from, T& value) {
  if (from.type == msgpack::type::POSITIVE_INTEGER) {
    value = static_cast<T>(from.via.u64);
    return std::in_range<T>(from.via.u64);
  }
  if (from.type != msgpack::type::NEGATIVE_INTEGER) return false;
  value = static_cast<T>(from.via.i64);
  return std::in_range<T>(from.via.i64);
}
bool get(const Object& from, bool& value) {
  value = from.type == msgpack::type::BOOLEAN && from.via.boolean;
  return from.type == msgpack::type::BOOLEAN;
}
/// A rate. msgpack-c packs whole numbers as integers.
bool get(const Object& from, double& value) {
  std::int64_t whole = 0;
  if (get(from, whole))
    value = static_cast<double>(whole);
  else if (from.type == msgpack::type::FLOAT64 || from.type == msgpack::type::FLOAT32)
    value = from.via.f64;
  else
    return false;
  return value >= 0 && value < 1e15;  // false for what is no number
}
bool get(const Object& from, std::string& value) {
  if (from.type != msgpack::type::STR) return false;
  value.assign(from.via.str.ptr, from.via.str.size);
  return true;
}
bool get(const Object& from, Duration& value) {
  Duration::rep count = 0;
  if (!get(from, count)) return false;
  value = Duration(count);
  return value >= Duration::zero() && value <= std::chrono::hours(24 * 400);
}
template <class T>
requires std::is_enum_v<T>
bool get(const Object& from, T& value) {
  int number = 0;
  if (!get(from, number) || number < 0 || number > kLast<T>) return false;
  value = static_cast<T>(number);
  return true;
}
template <class A, class B>
bool get(const Object& from, std::pair<A, B>& value);
template <class T>
bool get(const Object& from, std::vector<T>& value);
template <class T>
bool get(const Object& from, std::optional<T>& value);
template <class T>
bool get(const Object& from, std::shared_ptr<const T>& value);
template <Tied T>
bool get(const Object& from, T& value) {
  return std::apply(
      [&](auto&... field) {
        if (from.type != msgpack::type::ARRAY || from.via.array.size != sizeof...(field)) return false;
        const auto* item = from.via.array.ptr;
        return (get(*item++, field) && ...);
      },
      Fields<T>::of(value));
}
template <class A, class B>
bool get(const Object& from, std::pair<A, B>& value) {
  return from.type == msgpack::type::ARRAY && from.via.array.size == 2 &&
         get(from.via.array.ptr[0], value.first) && get(from.via.array.ptr[1], value.second);
}
template <class T>
bool get(const Object& from, std::vector<T>& value) {
  if (from.type != msgpack::type::ARRAY) return false;
  value.resize(from.via.array.size);
  for (std::size_t i = 0; i < value.size(); ++i)
    if (!get(from.via.array.ptr[i], value[i])) return false;
  return true;
}
template <class T>
bool get(const Object& from, std::optional<T>& value) {
  if (from.type == msgpack::type::NIL) return true;
  return get(from, value.emplace());
}

template <class T>
bool get(const Object& from, std::shared_ptr<const T>& value) {
  auto made = std::make_shared<T>();
  const bool good = get(from, *made);
  value = std::move(made);
  return good;
}

template <class Family, std::size_t I = 0>
std::optional<Family> family_body(std::size_t kind, const Object& from) {
  if constexpr (I < std::variant_size_v<Family>) {
    if (kind != I) return family_body<Family, I + 1>(kind, from);
    std::variant_alternative_t<I, Family> message;
    if (!get(from, message)) return std::nullopt;
    return Family(std::move(message));
  } else {
    return std::nullopt;
  }
}

template <class Family>
std::optional<Message> body(std::size_t kind, const Object& from) {
  auto message = family_body<Family>(kind, from);
  if (!message) return std::nullopt;
  return Message(*std::move(message));
}

/// [family, kind, fields] of a family with a room of its own.
bool is_family(std::string_view bytes, int family) {
  return bytes.size() > 2 && bytes[0] == '\x93' && bytes[1] == static_cast<char>(family);
}

template <class Family>
std::optional<Family> decode_family(std::string_view bytes) {
  if (!link::fit_to_unpack(bytes)) return std::nullopt;
  const auto handle = msgpack::unpack(bytes.data(), bytes.size());
  const auto& root = handle.get();
  std::size_t kind = 0;
  if (root.type != msgpack::type::ARRAY || root.via.array.size != 3) return std::nullopt;
  if (!get(root.via.array.ptr[1], kind)) return std::nullopt;
  return family_body<Family>(kind, root.via.array.ptr[2]);
}

}  // namespace

std::string encode(const money::Message& message) {
  return encoded(kMoney, message);
}

bool is_money(std::string_view bytes) {
  return is_family(bytes, kMoney);
}

std::optional<money::Message> decode_money(std::string_view bytes) {
  if (!is_money(bytes)) return std::nullopt;
  return decode_family<money::Message>(bytes);
}

std::string encode(const cache::Message& message) {
  return encoded(kCache, message);
}

bool is_cache(std::string_view bytes) {
  return is_family(bytes, kCache);
}

std::optional<cache::Message> decode_cache(std::string_view bytes) {
  if (!is_cache(bytes)) return std::nullopt;
  return decode_family<cache::Message>(bytes);
}

std::string encode(const users::Message& message) {
  return encoded(kUsers, message);
}

bool is_users(std::string_view bytes) {
  return is_family(bytes, kUsers);
}

std::optional<users::Message> decode_users(std::string_view bytes) {
  if (!is_users(bytes)) return std::nullopt;
  return decode_family<users::Message>(bytes);
}

std::string encode(const keyring::Message& message) {
  return encoded(kKeyring, message);
}

bool is_keyring(std::string_view bytes) {
  return is_family(bytes, kKeyring);
}

std::optional<keyring::Message> decode_keyring(std::string_view bytes) {
  if (!is_keyring(bytes)) return std::nullopt;
  return decode_family<keyring::Message>(bytes);
}

std::string encode(const cluster::Message& message) {
  return encoded(0, message);
}
std::string encode(const members::Message& message) {
  return encoded(1, message);
}

std::string encode(const errands::Message& message) {
  return encoded(kErrands, message);
}

std::optional<Message> decode(std::string_view bytes) {
  if (!link::fit_to_unpack(bytes)) return std::nullopt;
  const auto handle = msgpack::unpack(bytes.data(), bytes.size());
  const auto& root = handle.get();
  int family = 0;
  std::size_t kind = 0;
  if (root.type != msgpack::type::ARRAY || root.via.array.size != 3) return std::nullopt;
  if (!get(root.via.array.ptr[0], family) || !get(root.via.array.ptr[1], kind)) return std::nullopt;
  if (family == 0) return body<cluster::Message>(kind, root.via.array.ptr[2]);
  if (family == 1) return body<members::Message>(kind, root.via.array.ptr[2]);
  if (family == kErrands) return body<errands::Message>(kind, root.via.array.ptr[2]);
  return std::nullopt;
}

}  // namespace troupe::wire
