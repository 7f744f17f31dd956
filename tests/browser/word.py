"""What lies on the clipboard after copying from Word, and from a page of the web.

Written for these tests after what Word 365 and browsers put there.
"""

#: A transparent picture of one point.
POINT = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

WORD = """<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40">
<head><meta name=Generator content="Microsoft Word 15"><!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
<style><!-- p.MsoNormal {margin:0cm; font-family:"Times New Roman",serif;} @list l0 {mso-list-id:1;} --></style></head>
<body lang=VI style='tab-interval:36.0pt'><!--StartFragment-->
<p class=MsoTitle align=center><span lang=VI style='font-size:16.0pt'>TÀI LIỆU TẬP HUẤN<o:p></o:p></span></p>
<h1 style='margin-left:36pt'><b><span lang=VI>Phần 1. Lồng ghép giới<o:p></o:p></span></b></h1>
<p class=MsoNormal style='text-align:justify;text-indent:36.0pt'><span style='mso-spacerun:yes'>&nbsp;&nbsp; </span><b style='mso-bidi-font-weight:normal'><span lang=VI>Khái niệm:</span></b><span lang=VI> giới là <i>đặc điểm</i>, vị&shy; trí, vai&nbsp;trò<o:p></o:p></span></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span style='font-family:Symbol;mso-fareast-font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;&nbsp;&nbsp; </span></span></span><![endif]><span lang=VI>Ý thứ nhất<o:p></o:p></span></p>
<p class=MsoListParagraphCxSpMiddle style='margin-left:72.0pt;text-indent:-18.0pt;mso-list:l0 level2 lfo1'><![if !supportLists]><span style='font-family:"Courier New"'><span style='mso-list:Ignore'>o<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span></span><![endif]>Ý con<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>·<span>&nbsp;&nbsp;</span></span><![endif]>Ý thứ hai<o:p></o:p></p>
<h2 style='mso-list:l2 level1 lfo3'><![if !supportLists]><span style='mso-list:Ignore'>I.<span>&nbsp;&nbsp;</span></span><![endif]>Bối cảnh<o:p></o:p></h2>
<p class=MsoNormal>Các bước:<o:p></o:p></p>
<p class=MsoListParagraphCxSpFirst style='mso-list:l1 level1 lfo2'><![if !supportLists]><span style='mso-list:Ignore'>1.<span>&nbsp;&nbsp;</span></span><![endif]>Lắng nghe</p>
<p class=MsoListParagraphCxSpMiddle style='mso-list:l1 level2 lfo2'><![if !supportLists]><span style='mso-list:Ignore'>a)<span>&nbsp;&nbsp;</span></span><![endif]>Không ngắt lời</p>
<p class=MsoListParagraphCxSpLast style='mso-list:l1 level1 lfo2'><![if !supportLists]><span style='mso-list:Ignore'>2.<span>&nbsp;&nbsp;</span></span><![endif]>Kết nối</p>
<table class=MsoTableGrid border=1 cellspacing=0 style='border-collapse:collapse;mso-yfti-tbllook:1184'>
<tr style='mso-yfti-irow:0'><td width=200 colspan=2 style='width:5cm'><p class=MsoNormal align=center><b>Chỉ tiêu<o:p></o:p></b></p></td><td><p class=MsoNormal><b>2030</b></p></td></tr>
<tr><td rowspan=2><p class=MsoNormal>Y tế</p></td><td><p class=MsoNormal>Tỷ số</p><p class=MsoNormal>khi sinh</p></td><td><p class=MsoNormal align=right>109</p></td></tr>
<tr><td><p class=MsoNormal>a|b</p></td><td><p class=MsoNormal><o:p>&nbsp;</o:p></p></td></tr>
</table>
<p class=MsoNormal><del cite="mailto:x">đã xóa </del><ins cite="mailto:x">đã thêm</ins> theo <a href="https://vbpl.vn/abc?x=1&amp;y=2"><span style='color:blue'>Điều 21</span></a><a href="#_ftn1" name="_ftnref1"><span class=MsoFootnoteReference>[1]</span></a><span class=MsoCommentReference>bình luận</span></p>
<p class=MsoNormal><!--[if gte vml 1]><v:shape id="_x0000_i1025"><v:imagedata src="file:///C:/Temp/image001.png"/></v:shape><![endif]--><img width=300 height=200 src="file:///C:/Temp/image001.png" alt="A picture containing text"></p>
<p class=MsoNormal><img width=1 height=1 alt="Sơ đồ" src="POINT"></p>
<p class=MsoQuote>Lời trích</p>
<script>window.ran = 1</script><p class=MsoNormal onclick="window.ran = 1"><a href="javascript:window.ran=1">bấm</a> <img src=x onerror="window.ran = 1"></p>
<!--EndFragment--></body></html>
""".replace("POINT", POINT)

WEB_PAGE = """<meta charset='utf-8'><html><body><!--StartFragment-->
<style>.x { color: red }</style>
<div class="article" style="font-family: Arial; margin: 20px" onmouseover="window.ran = 1">
<h2 style="color: #333"><strong>Tuổi nghỉ hưu</strong></h2>
<div>Đoạn trong div, <span style="font-weight: 700">chữ đậm</span> và <span style="font-style: italic">chữ nghiêng</span>.</div>
<p style="text-align: center"><b style="font-weight:normal">Không đậm</b>&nbsp;&nbsp;mà cách&#8203;hai&shy;lần</p>
<ul><li><p>một</p><ul><li>con</li></ul></li><li>hai</li></ul>
<img src="https://noi-khac.example/anh.png" alt="ảnh"><img src="https://noi-khac.example/dem.gif" width="1" height="1">
<iframe src="https://noi-khac.example/"></iframe>
<table><tbody><tr><th>Tên</th><th>Số</th></tr><tr><td><ul><li>a</li><li>b</li></ul></td><td><table><tr><td>trong</td></tr></table></td></tr></tbody></table>
<p><a href="/tuong-doi">nội bộ</a> <a href="https://vbpl.vn/x" onclick="window.ran = 1">toàn văn</a></p>
<pre>mã   nguồn</pre>
</div><!--EndFragment--></body></html>
"""
