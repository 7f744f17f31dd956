def test_the_first_page(visit):
    v = visit()
    v.open("/")
    v.sign_in("hocvien@bacninh.example", "lang-tranh-dong-ho")
    v.go_to("courses.index")
    print(v.page.title())
