// SPDX-License-Identifier: Apache-2.0
// Text that came out of a record, made harmless for the place it goes to. Everything that a writer did not spell itself
// passes through here: show() has cut and masked values already, and none of this relies on it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weir {

inline constexpr std::size_t kNoLimit = static_cast<std::size_t>(-1);

/// One line that shows all it holds: control characters, line separators, and marks that turn or hide text become `\n`,
/// `\u001b`, `\u202e`; what is no UTF-8 becomes U+FFFD. At most `code_points` of the original, then `…`.
std::string visible(std::string_view text, std::size_t code_points = kNoLimit);

/// visible(), with `&`, `<`, `>`, `"` and `'` as entities: for HTML and XML, in content and in attributes.
std::string escape_markup(std::string_view text, std::size_t code_points = kNoLimit);

/// visible() as GitHub Markdown that means nothing but its own text, also within a table.
std::string escape_markdown(std::string_view text, std::size_t code_points = kNoLimit);
/// The same in the type of code.
std::string markdown_code(std::string_view text, std::size_t code_points = kNoLimit);

/// A path as a URI reference: RFC 3986, relative paths stay relative, absolute ones get `file://`.
std::string uri_of_path(std::string_view path);

/// One word of a POSIX shell command.
std::string shell_word(std::string_view text);

/// At most `width` cells of a terminal, `…` at the end when something was cut; for visible() text.
std::string fit(std::string_view text, std::size_t width);
/// The same, keeping the end: for paths.
std::string fit_end(std::string_view text, std::size_t width);

}  // namespace weir
