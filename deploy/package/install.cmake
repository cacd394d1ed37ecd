# SPDX-License-Identifier: Apache-2.0
# What `cmake --install` puts where, and what CPack makes of it.
#
#   component program       weir, its manual page, completions, unit, rule packs, JSON Schema: what the .deb holds
#   component development   the core as libraries with find_package(weir), for programs that judge records themselves
#
#   cmake --workflow --preset package                                            build/package/weir_VERSION_ARCH.deb
#   cmake --install build/release --prefix /usr/local --component program
#   cmake --workflow --preset library && cmake --install build/library --prefix /opt/weir --component development
#
# Objects for link-time optimisation are no libraries to give away: only the very compiler that made them can link them, and it compiles all of
# the core anew each time. So a build with it has no `development`.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(package_folder ${CMAKE_CURRENT_LIST_DIR})

# ---- program
install(TARGETS weir RUNTIME COMPONENT program)
install(PROGRAMS deploy/container/weir-beside DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/weir COMPONENT program)
install(FILES deploy/systemd/weir.service DESTINATION lib/systemd/system COMPONENT program)
install(DIRECTORY rules/ DESTINATION ${CMAKE_INSTALL_DATADIR}/weir/rules COMPONENT program FILES_MATCHING PATTERN *.yml)
install(FILES deploy/prometheus/weir.rules.yml deploy/prometheus/alertmanager.yml DESTINATION ${CMAKE_INSTALL_DATADIR}/weir/prometheus COMPONENT program)
install(DIRECTORY dashboards/ DESTINATION ${CMAKE_INSTALL_DATADIR}/weir/dashboards COMPONENT program FILES_MATCHING PATTERN *.json)
# What the program says about itself is asked of the program that is installed.
string(CONFIGURE [=[
set(weir "@PROJECT_BINARY_DIR@/weir")
set(share "$ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}/@CMAKE_INSTALL_DATADIR@")
function(told_by_weir file)
  execute_process(COMMAND ${weir} ${ARGN} OUTPUT_VARIABLE text COMMAND_ERROR_IS_FATAL ANY)
  get_filename_component(name ${file} NAME)
  message(STATUS "Installing: ${share}/${file}")
  file(WRITE "${share}/${file}" "${text}")
  file(CHMOD "${share}/${file}" PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
endfunction()
told_by_weir(man/man1/weir.1 man)
told_by_weir(bash-completion/completions/weir completion bash)
told_by_weir(zsh/vendor-completions/_weir completion zsh)
told_by_weir(fish/vendor_completions.d/weir.fish completion fish)
told_by_weir(weir/weir.schema.json schema)
]=] told @ONLY)
install(CODE "${told}" COMPONENT program)

# ---- development
set(core_folders ${layer_0} ${layer_1} ${layer_2} ${layer_3} ${layer_4})
list(REVERSE core_folders) # what needs comes before what is needed
set(core_archives "")
foreach(folder IN LISTS core_folders)
  get_target_property(type weir_${folder} TYPE)
  if(type STREQUAL STATIC_LIBRARY)
    list(APPEND core_archives weir_${folder})
  endif()
endforeach()
add_custom_target(library DEPENDS ${core_archives})
if(CMAKE_INTERPROCEDURAL_OPTIMIZATION)
  install(CODE [=[
set(library "this build's archives are for link-time optimisation; cmake --workflow --preset library makes those for other programs")
if(CMAKE_INSTALL_COMPONENT STREQUAL "development")
  message(FATAL_ERROR "${library}")
endif()
message(STATUS "No libraries are installed: ${library}")
]=] COMPONENT development)
else()
  foreach(archive IN LISTS core_archives)
    install(FILES $<TARGET_FILE:${archive}> DESTINATION ${CMAKE_INSTALL_LIBDIR}/weir COMPONENT development)
  endforeach()
  install(DIRECTORY include/weir DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)
  install(FILES src/rules/load.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/weir/rules COMPONENT development)
  set(config_folder ${CMAKE_INSTALL_LIBDIR}/cmake/weir)
  configure_package_config_file(${package_folder}/weirConfig.cmake.in ${PROJECT_BINARY_DIR}/weirConfig.cmake
    INSTALL_DESTINATION ${config_folder} PATH_VARS CMAKE_INSTALL_INCLUDEDIR CMAKE_INSTALL_LIBDIR)
  write_basic_package_version_file(${PROJECT_BINARY_DIR}/weirConfigVersion.cmake COMPATIBILITY SameMinorVersion)
  install(FILES ${PROJECT_BINARY_DIR}/weirConfig.cmake ${PROJECT_BINARY_DIR}/weirConfigVersion.cmake
    DESTINATION ${config_folder} COMPONENT development)
endif()

include(${package_folder}/debian.cmake)
