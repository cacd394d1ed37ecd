# SPDX-License-Identifier: Apache-2.0
# The .deb: component `program`, below /usr, with /etc/weir as configuration that upgrades leave alone. Everything in it is as old as
# SOURCE_DATE_EPOCH, so that the same sources and the same compiler give the same package.
set(WEIR_PACKAGE_CONTACT "weir <weir@localhost>" CACHE STRING "Maintainer of the package: Name <address>")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME weir)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT ${WEIR_PACKAGE_CONTACT})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_COMPONENTS_ALL program)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME weir)
set(CPACK_DEBIAN_PROGRAM_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_DEPENDS tzdata) # time zones of rules
set(CPACK_DEBIAN_PROGRAM_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "data quality and drift monitor for files and Kafka topics")
set(CPACK_COMPONENT_PROGRAM_DESCRIPTION
"weir judges records by rules that one YAML file holds. `weir run` stands
beside a live Kafka topic and judges every record and every window of it;
`weir check` judges files by the same rules, and its exit code tells a
pipeline whether to go on.

The service weir.service reads /etc/weir/weir.yml; the installation does
not start it.")
set(CPACK_DEBIAN_PROGRAM_PACKAGE_CONTROL_EXTRA
  ${package_folder}/conffiles ${package_folder}/postinst ${package_folder}/prerm ${package_folder}/postrm)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_CONTROL_STRICT_PERMISSION ON)

# /etc, the licence and the change log: what Debian has beside the program, and nobody else.
set(CPACK_PRE_BUILD_SCRIPTS ${package_folder}/debian_files.cmake)
set(CPACK_WEIR_SOURCE ${PROJECT_SOURCE_DIR})
set(CPACK_WEIR_CONTACT ${WEIR_PACKAGE_CONTACT})
if(parquet STREQUAL "parquet_of_python")
  set(CPACK_WEIR_REFUSED "this build reads Parquet with a library of Python's, which no package has: take the preset `package`")
endif()
include(CPack)
