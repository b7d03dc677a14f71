# SPDX-License-Identifier: Apache-2.0
# What is installed besides the program, and the Debian package that CPack makes. Included by CMakeLists.txt.
set(DOC share/doc/anchorage)
find_program(GZIP gzip REQUIRED)
foreach(page anchorage.1 debian/changelog)
  get_filename_component(name ${page} NAME)
  add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/deploy/${name}.gz
    COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_BINARY_DIR}/deploy
    COMMAND ${GZIP} -9 -n -c ${CMAKE_SOURCE_DIR}/deploy/${page} > ${CMAKE_BINARY_DIR}/deploy/${name}.gz
    DEPENDS deploy/${page} VERBATIM)
  list(APPEND PACKED ${CMAKE_BINARY_DIR}/deploy/${name}.gz)
endforeach()
add_custom_target(deploy_pages ALL DEPENDS ${PACKED})
install(FILES ${CMAKE_BINARY_DIR}/deploy/anchorage.1.gz DESTINATION share/man/man1)
install(FILES ${CMAKE_BINARY_DIR}/deploy/changelog.gz DESTINATION ${DOC})
install(FILES deploy/debian/copyright DESTINATION ${DOC})
install(FILES deploy/haproxy.cfg deploy/anchorage.conf DESTINATION ${DOC}/examples)
install(FILES deploy/anchorage.service DESTINATION lib/systemd/system)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME anchorage)
set(CPACK_PACKAGE_VENDOR "The Anchorage authors")
set(CPACK_PACKAGE_CONTACT "The Anchorage authors <anchorage@localhost>")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION web)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, postgresql-15 | postgresql")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS haproxy)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "gcc, cmake, pkgconf") # for people who write plugins
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "open marketplace of a place: notices, bids, events, local spend")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "The council, the hospitals, the colleges and the housing associations of one
place buy together here, and local firms and voluntary, community, faith and
social enterprises find that work, meet the buyers, bid and are paid.
.
One program with its private PostgreSQL; plugins for local spend, VCFSE
organisations, social value and Contracts Finder are included.")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  ${CMAKE_SOURCE_DIR}/deploy/debian/postinst
  ${CMAKE_SOURCE_DIR}/deploy/debian/prerm
  ${CMAKE_SOURCE_DIR}/deploy/debian/postrm)
include(CPack)
